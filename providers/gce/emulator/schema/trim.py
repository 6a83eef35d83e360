#!/usr/bin/env python3
"""Write the trimmed schemas beside this file from Google's discovery documents.

    pip download --no-deps google-api-python-client
    unzip google_api_python_client-*.whl 'googleapiclient/discovery_cache/documents/*'
    ./trim.py googleapiclient/discovery_cache/documents

The documents are Google's (Apache-2.0, as is the package that carries them). What remains of them is what a server
needs to check a request: methods with their paths, parameters and bodies, and the types that bodies are made of.
Descriptions, answers and what only answers contain are left out. The form is described in src/schema.rs.
"""

import json
import pathlib
import re
import sys

NAME = "[a-z](?:[-a-z0-9]{0,61}[a-z0-9])?"

# The collections of each document that the emulator supports.
APIS = {
    "compute.v1": """
        acceleratorTypes addresses autoscalers backendServices diskTypes disks firewalls forwardingRules
        globalAddresses globalForwardingRules globalOperations healthChecks httpHealthChecks httpsHealthChecks images
        instanceGroupManagers instanceGroups instanceTemplates instances machineTypes networks projects
        regionAutoscalers regionBackendServices regionDiskTypes regionDisks regionHealthChecks
        regionInstanceGroupManagers regionInstanceGroups regionInstanceTemplates regionOperations
        regionTargetTcpProxies regionUrlMaps regions routers routes snapshots subnetworks targetHttpProxies
        targetPools targetTcpProxies urlMaps zoneOperations zones
    """,
    "dns.v1": "changes managedZones projects resourceRecordSets",
    "iam.v1": "projects.serviceAccounts",
    "cloudresourcemanager.v1": "projects",
    "storage.v1": "buckets objects",
    "networkconnectivity.v1": """
        projects.locations.global.hubs projects.locations.spokes projects.locations.internalRanges
        projects.locations.operations
    """,
}

# Methods for things that an emulator of infrastructure does not have.
LEFT_OUT = re.compile(
    r"(bulkInsert|bulkSetLabels|startAsyncReplication|stopAsyncReplication|stopGroupAsyncReplication"
    r"|getGuestAttributes|getScreenshot|sendDiagnosticInterrupt|watchAll|watch|generateUploadUrl|upload"
    r"|getShieldedInstanceIdentity|getEffectiveFirewalls|getRegionEffectiveFirewalls|restore|relocate|bulkRestore"
    r"|getXpn.*|listXpnHosts|enableXpn.*|disableXpn.*|moveDisk|moveInstance|updateKmsKey"
    r"|performMaintenance|reportHostAsFaulty|simulateMaintenanceEvent|signBlob|signJwt|undelete)$"
)

# Fields that the documents call output, although an insert accepts them.
TAKEN = {"InstanceGroup.network", "InstanceGroupManager.namedPorts"}

# Fields that the documents call required, although a request may give them elsewhere: in `networkPeering`, as gcloud does.
NOT_REQUIRED = {"NetworksAddPeeringRequest.name"}


class Trimmed:
    def __init__(self, document):
        self.schemas = document["schemas"]
        self.types = {}

    def reach(self, name):
        if name in self.types:
            return
        self.types[name] = None
        self.types[name] = self.fields(name, self.schemas[name].get("properties", {}))

    def fields(self, owner, properties):
        return [self.field(owner, name, p) for name, p in sorted(properties.items())]

    def field(self, owner, name, p):
        description = p.get("description", "")
        output = f"{owner}.{name}" not in TAKEN
        if name == "kind" or output and (p.get("readOnly") or "[output only]" in description.lower()[:40]):
            return f"{name} out" + (f" = {p['default']}" if "default" in p else "")
        line = f"{name} {self.kind(owner, name, p)}"
        pattern = p.get("pattern")
        if pattern == NAME:
            line += " name"
        elif pattern and " " not in pattern:
            line += f" pattern={pattern}"
        methods = p.get("annotations", {}).get("required", [])
        if methods and f"{owner}.{name}" not in NOT_REQUIRED:
            line += " required=" + ",".join(sorted({m.split(".", 1)[1] for m in methods}))
        return line

    def kind(self, owner, name, p):
        if "$ref" in p:
            self.reach(p["$ref"])
            return p["$ref"]
        if p["type"] == "array":
            return f"[{self.kind(owner, name, p['items'])}]"
        if p["type"] == "object":
            if "additionalProperties" in p:
                return "{" + self.kind(owner, name, p["additionalProperties"]) + "}"
            inner = owner + "." + name
            self.types[inner] = None
            self.types[inner] = self.fields(inner, p.get("properties", {}))
            return inner
        if "enum" in p:
            return "enum(" + "|".join(p["enum"]) + ")"
        return p.get("format") or {"integer": "int32", "number": "double"}.get(p["type"], p["type"])


def resources(document, path):
    at = document
    for part in path.split("."):
        at = at["resources"][part]
    return at.get("methods", {})


def trim(api, documents):
    document = json.loads((documents / f"{api}.json").read_text())
    trimmed, lines = Trimmed(document), []
    for path in APIS[api].split():
        for name, method in sorted(resources(document, path).items()):
            if LEFT_OUT.match(name):
                continue
            query = sorted(
                (k + ("!" if v.get("required") else "") + ":" + ("[" if v.get("repeated") else "")
                 + (v.get("format") or {"integer": "int32", "number": "double"}.get(v["type"], v["type"])))
                for k, v in method.get("parameters", {}).items() if v["location"] == "query" and not k.startswith("$")
            )
            body = method.get("request", {}).get("$ref", "-")
            if body != "-":
                trimmed.reach(body)
            answer = method.get("response", {}).get("$ref", "-")
            path = method.get("flatPath", method["path"])
            lines.append(" ".join([method["id"], method["httpMethod"], path, body, answer, *query]))
    out = [
        f"# Trimmed by trim.py from Google's discovery document of {document['title']} {document['version']},",
        f"# revision {document['revision']}, as PyPI's google-api-python-client carries it (Apache-2.0).",
        f"base {document['servicePath'] or '/'}",
        "",
        *lines,
    ]
    for name, fields in sorted(trimmed.types.items()):
        out += ["", f"[{name}]", *fields]
    return "\n".join(out) + "\n"


def main():
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    for api in APIS:
        target = pathlib.Path(__file__).with_name(f"{api}.txt")
        target.write_text(trim(api, pathlib.Path(sys.argv[1])))
        print(target)


if __name__ == "__main__":
    main()
