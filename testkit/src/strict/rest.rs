//! The IAM actions of S3's and Route 53's requests. These services name no operation: the method, the path and the query
//! tell it. Source: the service authorization reference of AWS.

/// What a request to a service without operation names is, as far as its actions depend on it.
pub(super) struct Request<'a> {
    pub(super) method: &'a str,
    /// The path without the query.
    pub(super) path: &'a str,
    pub(super) query: &'a str,
    pub(super) headers: &'a [(String, String)],
}

impl Request<'_> {
    /// The actions that a caller needs. A request that is not known has its method and path instead, which no policy
    /// allows.
    pub(super) fn actions(&self, service: &str) -> Vec<String> {
        let names = match service {
            "s3" => self.s3(),
            "route53" => self.route53().into_iter().collect(),
            _ => Vec::new(),
        };
        if names.is_empty() {
            return vec![format!("{service}:{} {}?{}", self.method, self.path, self.query)];
        }
        names.into_iter().map(|name| format!("{service}:{name}")).collect()
    }

    /// Whether the query has a parameter, with or without a value.
    fn asks(&self, parameter: &str) -> bool {
        self.query.split('&').any(|pair| pair.split('=').next() == Some(parameter))
    }

    fn has(&self, header: &str) -> bool {
        self.headers.iter().any(|(name, _)| name.eq_ignore_ascii_case(header))
    }

    fn s3(&self) -> Vec<&'static str> {
        let of_object =
            self.path.trim_start_matches('/').split_once('/').is_some_and(|(_, key)| !key.is_empty());
        if of_object { self.object() } else { self.bucket().into_iter().collect() }
    }

    fn bucket(&self) -> Option<&'static str> {
        // The subresource, and the actions to read it, to write it and to delete it.
        const PARTS: [(&str, &str, &str, &str); 7] = [
            ("tagging", "GetBucketTagging", "PutBucketTagging", "PutBucketTagging"),
            ("policy", "GetBucketPolicy", "PutBucketPolicy", "DeleteBucketPolicy"),
            ("versioning", "GetBucketVersioning", "PutBucketVersioning", ""),
            (
                "encryption",
                "GetEncryptionConfiguration",
                "PutEncryptionConfiguration",
                "PutEncryptionConfiguration",
            ),
            (
                "publicAccessBlock",
                "GetBucketPublicAccessBlock",
                "PutBucketPublicAccessBlock",
                "PutBucketPublicAccessBlock",
            ),
            ("object-lock", "GetBucketObjectLockConfiguration", "PutBucketObjectLockConfiguration", ""),
            ("versions", "ListBucketVersions", "", ""),
        ];
        let part = PARTS.iter().find(|(part, ..)| self.asks(part));
        let name = match (self.method, part) {
            ("GET", Some((_, read, ..))) => read,
            ("PUT", Some((_, _, write, _))) => write,
            ("DELETE", Some((.., delete))) => delete,
            ("POST", None) if self.asks("delete") => "DeleteObject",
            ("GET" | "HEAD", None) => "ListBucket",
            ("PUT", None) => "CreateBucket",
            ("DELETE", None) => "DeleteBucket",
            _ => "",
        };
        (!name.is_empty()).then_some(name)
    }

    fn object(&self) -> Vec<&'static str> {
        match (self.method, self.asks("tagging"), self.asks("acl")) {
            ("GET", true, _) => vec!["GetObjectTagging"],
            ("PUT", true, _) => vec!["PutObjectTagging"],
            ("DELETE", true, _) => vec!["DeleteObjectTagging"],
            ("GET", _, true) => vec!["GetObjectAcl"],
            ("PUT", _, true) => vec!["PutObjectAcl"],
            ("GET" | "HEAD", ..) => vec!["GetObject"],
            ("DELETE", ..) if self.asks("versionId") => vec!["DeleteObjectVersion"],
            ("DELETE", ..) => vec!["DeleteObject"],
            ("PUT", ..) => {
                let acl = self.has("x-amz-acl").then_some("PutObjectAcl");
                let tags = self.has("x-amz-tagging").then_some("PutObjectTagging");
                ["PutObject"].into_iter().chain(acl).chain(tags).collect()
            }
            _ => Vec::new(),
        }
    }

    fn route53(&self) -> Option<&'static str> {
        // Behind the version of the API.
        let parts: Vec<&str> = self.path.trim_matches('/').split('/').skip(1).collect();
        Some(match (self.method, parts.as_slice()) {
            ("POST", ["hostedzone"]) => "CreateHostedZone",
            ("GET", ["hostedzone"]) => "ListHostedZones",
            ("GET", ["hostedzonesbyname"]) => "ListHostedZonesByName",
            ("GET", ["hostedzonesbyvpc"]) => "ListHostedZonesByVPC",
            ("GET", ["hostedzone", _]) => "GetHostedZone",
            ("POST", ["hostedzone", _]) => "UpdateHostedZoneComment",
            ("DELETE", ["hostedzone", _]) => "DeleteHostedZone",
            ("GET", ["hostedzone", _, "rrset"]) => "ListResourceRecordSets",
            ("POST", ["hostedzone", _, "rrset"]) => "ChangeResourceRecordSets",
            ("POST", ["hostedzone", _, "associatevpc"]) => "AssociateVPCWithHostedZone",
            ("POST", ["hostedzone", _, "disassociatevpc"]) => "DisassociateVPCFromHostedZone",
            ("GET", ["change", _]) => "GetChange",
            ("POST", ["tags", "hostedzone"]) => "ListTagsForResources",
            ("GET", ["tags", "hostedzone", _]) => "ListTagsForResource",
            ("POST", ["tags", "hostedzone", _]) => "ChangeTagsForResource",
            _ => return None,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::Request;

    #[test]
    fn a_request_has_the_actions_of_its_operation() {
        for (service, line, headers, expected) in [
            ("s3", "PUT /logs", &[][..], "s3:CreateBucket"),
            ("s3", "PUT /logs/?tagging", &[], "s3:PutBucketTagging"),
            ("s3", "GET /logs?versions&prefix=a", &[], "s3:ListBucketVersions"),
            ("s3", "DELETE /logs?publicAccessBlock", &[], "s3:PutBucketPublicAccessBlock"),
            ("s3", "POST /logs/?delete", &[], "s3:DeleteObject"),
            ("s3", "DELETE /logs/a/b?versionId=1", &[], "s3:DeleteObjectVersion"),
            ("s3", "PUT /logs/a?x-id=PutObject", &["X-Amz-Acl"], "s3:PutObject s3:PutObjectAcl"),
            ("s3", "PATCH /logs/a", &[], "s3:PATCH /logs/a?"),
            ("route53", "GET /2013-04-01/hostedzone/Z1/rrset?name=a", &[], "route53:ListResourceRecordSets"),
            ("route53", "POST /2013-04-01/tags/hostedzone/Z1", &[], "route53:ChangeTagsForResource"),
            ("route53", "GET /2013-04-01/geolocations", &[], "route53:GET /2013-04-01/geolocations?"),
        ] {
            let (method, target) = line.split_once(' ').unwrap_or_default();
            let (path, query) = target.split_once('?').unwrap_or((target, ""));
            let headers: Vec<_> =
                headers.iter().map(|name| ((*name).to_owned(), "private".to_owned())).collect();
            let request = Request { method, path, query, headers: &headers };
            assert_eq!(request.actions(service).join(" "), expected);
        }
    }
}
