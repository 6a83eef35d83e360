//! The script that a machine runs when it boots. It downloads nodeup and configures it (kops
//! `pkg/model/bootstrapscript.go`, `pkg/model/resources/nodeup.go`).

use crate::populate::{Group, Populated};
use crate::spec::values;
use crate::spec::{Cloud, Role, UserData, UserDataType};
use crate::store::proxy_url;
use crate::yaml;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use flate2::Compression;
use flate2::write::GzEncoder;
use serde_json::{Map, Value, json};
use sha2::{Digest as _, Sha256};
use std::fmt::Write as _;
use std::io::Write as _;

/// The port at which machines get their configuration.
const KOPS_CONTROLLER: u16 = 3988;
/// What separates the parts of a machine's data.
const BOUNDARY: &str = "MIMEBOUNDARY";

/// The user data of a group's machines. `None` for bastions without user data of their own. `config` is the group's
/// `nodeupconfig.yaml`. `addresses` are those of the API, for machines that do not use DNS.
pub(crate) fn user_data(
    populated: &Populated,
    group: &Group,
    config: &str,
    addresses: &[String],
) -> Option<String> {
    let further = &group.spec.additional_user_data;
    let bastion = group.role == Role::Bastion;
    if bastion && further.is_empty() {
        return None;
    }
    let script = script(populated, group, config, addresses);
    if further.is_empty() {
        return Some(script);
    }
    let own = UserData { name: "nodeup.sh".into(), r#type: Some(UserDataType::ShellScript), content: script };
    Some(multipart(Some(&own).filter(|_| !bastion).into_iter().chain(further)))
}

/// Several texts in one (RFC 2046), in the form that cloud-init reads.
fn multipart<'a>(parts: impl Iterator<Item = &'a UserData>) -> String {
    let mut text =
        format!("Content-Type: multipart/mixed; boundary=\"{BOUNDARY}\"\r\nMIME-Version: 1.0\r\n\r\n");
    for (index, UserData { name, r#type, content }) in parts.enumerate() {
        let before = if index > 0 { "\r\n" } else { "" };
        let kind = values::text(r#type);
        let _ = write!(
            text,
            "{before}--{BOUNDARY}\r\nContent-Disposition: attachment; filename=\"{name}\"\r\n\
             Content-Transfer-Encoding: 7bit\r\nContent-Type: {kind}\r\nMime-Version: 1.0\r\n\r\n{content}"
        );
    }
    text + &format!("\r\n--{BOUNDARY}--\r\n")
}

/// The settings of nodeup: the machine's group, the place of its configuration, and the configuration's digest.
pub(crate) fn kube_env(populated: &Populated, group: &Group, config: &str, addresses: &[String]) -> String {
    let cluster = populated.cluster();
    let mut env = Map::new();
    let mut set = |name: &str, value: Value| drop(env.insert(name.into(), value));
    set("CloudProvider", values::text(&cluster.cloud_provider).into());
    set("ClusterName", populated.spec.name().into());
    set("InstanceGroupName", group.name.as_str().into());
    set("InstanceGroupRole", group.role.as_str().into());
    set("NodeupConfigHash", STANDARD.encode(Sha256::digest(config)).into());
    if group.role.serves_api() {
        set("ConfigBase", cluster.base().into());
    } else {
        let name = format!("kops-controller.internal.{}", populated.spec.name());
        let keys = populated.keysets.get("kubernetes-ca").filter(|_| group.role != Role::Bastion);
        let mut server =
            json!({ "CACertificates": keys.map(crate::keys::Keyset::certificates).unwrap_or_default() });
        let url = |host: &str| match host.contains(':') {
            true => format!("https://[{host}]:{KOPS_CONTROLLER}/"),
            false => format!("https://{host}:{KOPS_CONTROLLER}/"),
        };
        if addresses.is_empty() {
            server["servers"] = json!([url(&name)]);
        } else {
            server["servers"] = addresses.iter().map(|address| url(address)).collect();
            server["tlsServerName"] = name.into();
            set("APIServerIPs", json!(addresses));
        }
        set("ConfigServer", server);
    }
    yaml::document(&Value::Object(env))
}

/// The script of a group's machines.
pub(crate) fn script(populated: &Populated, group: &Group, config: &str, addresses: &[String]) -> String {
    let env = kube_env(populated, group, config, addresses);
    let compressed = group.spec.compress_user_data == Some(true);
    let env = match compressed.then(|| gzip(&env)).flatten() {
        Some(packed) => format!("echo '{packed}' | base64 -d | gzip -d > conf/kube_env.yaml\n"),
        None => format!("cat > conf/kube_env.yaml << '__EOF_KUBE_ENV'\n{env}\n__EOF_KUBE_ENV\n"),
    };
    let mut script = String::from(
        "#!/bin/bash\n# Loads nodeup, which sets up this machine as a part of its cluster.\nset -o errexit -o nounset -o pipefail\n\n",
    );
    script.push_str("# Where nodeup is, and the SHA-256 of its binary, by architecture.\n");
    for (architecture, file) in &populated.files.nodeup {
        let upper = architecture.to_uppercase();
        let _ = writeln!(script, "NODEUP_URLS_{upper}='{}'", file.places.join(" "));
        let _ = writeln!(script, "NODEUP_SHA256_{upper}='{}'", file.sha256);
    }
    script.push('\n');
    if populated.cluster().is_on(Cloud::Aws) {
        let _ = writeln!(script, "export AWS_REGION={}\n", populated.region);
    }
    script.push_str(&proxy(populated));
    script.push_str(KERNEL);
    script.push_str(LOAD);
    script.push_str(&env);
    script.push_str(RUN);
    script
}

/// Network buffers. With some broken defaults, a machine could not download nodeup.
const KERNEL: &str = "\
sysctl -w net.core.rmem_max=16777216 || true
sysctl -w net.core.wmem_max=16777216 || true
sysctl -w net.ipv4.tcp_rmem='4096 87380 16777216' || true
sysctl -w net.ipv4.tcp_wmem='4096 87380 16777216' || true

";

/// Finds a directory for nodeup, and downloads nodeup until its digest is right.
const LOAD: &str = r#"case "$(uname -m)" in
  x86_64 | amd64) urls=$NODEUP_URLS_AMD64 sha256=$NODEUP_SHA256_AMD64 ;;
  aarch64 | arm64) urls=$NODEUP_URLS_ARM64 sha256=$NODEUP_SHA256_ARM64 ;;
  *)
    echo "no nodeup for the architecture $(uname -m)" >&2
    exit 1
    ;;
esac

# On Container-Optimized OS, /opt can be neither written to nor run from.
home=/opt/kops
if [[ -d /var/lib/toolbox ]]; then
  home=/var/lib/toolbox/kops
fi
mkdir -p "$home/bin" "$home/conf"
cd "$home"

is_expected() {
  [[ -f bin/nodeup ]] && echo "$sha256  bin/nodeup" | sha256sum --check --status
}

load_nodeup() {
  local url
  until is_expected; do
    for url in $urls; do
      echo "loading $url.xz"
      rm -f bin/nodeup bin/nodeup.xz
      if curl --fail --location --connect-timeout 20 --retry 6 --retry-delay 10 --output bin/nodeup.xz "$url.xz" &&
        xz --decompress bin/nodeup.xz && is_expected; then
        return
      fi
      echo "$url.xz could not be loaded, or is not what was expected"
    done
    sleep 60
  done
}

/bin/systemd-machine-id-setup || echo "no machine id could be made; one has to be there"

"#;

/// Starts nodeup as a service.
const RUN: &str = r#"
load_nodeup
chmod +x bin/nodeup
cd bin
./nodeup --install-systemd-unit --conf="$home/conf/kube_env.yaml" --v=8
"#;

/// Tells every program of a machine about the proxy.
fn proxy(populated: &Populated) -> String {
    let Some(proxy) =
        populated.cluster().egress_proxy.as_ref().filter(|proxy| !proxy.http_proxy.host.is_empty())
    else {
        return String::new();
    };
    let (url, excluded) = (proxy_url(&proxy.http_proxy), &proxy.excludes);
    format!(
        r#"cat >> /etc/environment << '__EOF_PROXY'
http_proxy={url}
https_proxy={url}
no_proxy={excluded}
NO_PROXY={excluded}
__EOF_PROXY
while read -r variable; do
  export "${{variable?}}"
done < /etc/environment
case "$(cat /proc/version)" in
  *[Dd]ebian* | *[Uu]buntu*) echo 'Acquire::http::Proxy "{url}";' > /etc/apt/apt.conf.d/30proxy ;;
  *[Rr]ed[Hh]at*) echo 'proxy={url}' >> /etc/yum.conf ;;
esac
echo 'DefaultEnvironment="http_proxy={url}" "https_proxy={url}" "NO_PROXY={excluded}" "no_proxy={excluded}"' >> /etc/systemd/system.conf
systemctl daemon-reload
systemctl daemon-reexec

"#
    )
}

/// A text as gzip in base64. Equal texts have equal results.
fn gzip(text: &str) -> Option<String> {
    let mut packer = GzEncoder::new(Vec::new(), Compression::default());
    packer.write_all(text.as_bytes()).ok()?;
    Some(STANDARD.encode(packer.finish().ok()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_are_separated() {
        let part = |name: &str| UserData {
            name: name.into(),
            r#type: Some(UserDataType::ShellScript),
            content: "text\n".into(),
        };
        let (one, two) = (part("one"), part("two"));
        let head = |name: &str| {
            format!(
                "--MIMEBOUNDARY\r\nContent-Disposition: attachment; filename=\"{name}\"\r\n\
                 Content-Transfer-Encoding: 7bit\r\nContent-Type: text/x-shellscript\r\nMime-Version: 1.0\r\n\r\ntext\n"
            )
        };
        let text = multipart([&one, &two].into_iter());
        let start = "Content-Type: multipart/mixed; boundary=\"MIMEBOUNDARY\"\r\nMIME-Version: 1.0\r\n\r\n";
        assert_eq!(text, format!("{start}{}\r\n{}\r\n--MIMEBOUNDARY--\r\n", head("one"), head("two")));
    }
}
