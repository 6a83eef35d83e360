"""Runs kops's own nodeup in its dry run, for one machine of each group of a cluster.

nodeup gets what a machine gets: the environment file from the user data of the group's launch template, and the files of
the state store. Two stand-ins answer for the rest of the world: the metadata service of an instance, and kops-controller,
which gives nodes their configuration and certificates. The files that machines download come from a mirror.

Needs root: the metadata service has a fixed address, and the name of kops-controller must resolve.

Usage: nodeup.py NODEUP CLUSTER LOCK_FILE MIRROR
"""

import base64
import datetime
import http.server
import json
import os
import re
import shutil
import ssl
import subprocess
import sys
import tempfile
import threading

import boto3
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa

NODEUP, CLUSTER, LOCK, MIRROR = sys.argv[1:]
REGION, ENDPOINT = os.environ["AWS_REGION"], os.environ["AWS_ENDPOINT_URL"]
CONTROLLER = "kops-controller.internal." + CLUSTER
METADATA = "169.254.169.254"
FACTS = {
    "instance-id": "i-0123456789abcdef0",
    "instance-type": "t3.large",
    "local-ipv4": "10.20.132.10",
    "local-hostname": "ip-10-20-132-10." + REGION + ".compute.internal",
    "placement/region": REGION,
    "placement/availability-zone": REGION + "a",
    "mac": "02:00:00:00:00:01",
}


class Handler(http.server.BaseHTTPRequestHandler):
    def answer(self, body, status=200):
        body = body.encode()
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.send_header("X-Aws-Ec2-Metadata-Token-Ttl-Seconds", "21600")
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


class Metadata(Handler):
    def do_PUT(self):
        self.answer("token")

    def do_GET(self):
        fact = FACTS.get(self.path.removeprefix("/latest/meta-data/"))
        if self.path == "/latest/dynamic/instance-identity/document":
            fact = json.dumps({"region": REGION, "instanceId": FACTS["instance-id"]})
        self.answer(fact or "", 200 if fact else 404)


class Controller(Handler):
    """Answers with the configuration of `group`, and certificates for the keys that the node shows."""

    group = authority = None

    def do_POST(self):
        asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        certificates = {}
        for name, key in (asked.get("certs") or {}).items():
            key = serialization.load_pem_public_key(key.encode())
            certificates[name] = Controller.authority.issue(name, key)
        self.answer(json.dumps({"Certs": certificates, "nodeConfig": {"nodeupConfig": Controller.group}}))


class Authority:
    """The cluster's certificate authority, with the key from the state store."""

    def __init__(self, keyset):
        field = lambda name: base64.b64decode(re.search(name + r": (\S+)", keyset).group(1))
        self.key = serialization.load_pem_private_key(field("privateMaterial"), None)
        self.certificate = x509.load_pem_x509_certificate(field("publicMaterial"))

    def issue(self, name, public_key):
        now = datetime.datetime.now(datetime.timezone.utc)
        builder = (
            x509.CertificateBuilder()
            .subject_name(x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, name)]))
            .issuer_name(self.certificate.subject)
            .public_key(public_key)
            .serial_number(x509.random_serial_number())
            .not_valid_before(now - datetime.timedelta(hours=1))
            .not_valid_after(now + datetime.timedelta(hours=1))
            .add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), False)
            .add_extension(x509.ExtendedKeyUsage([x509.ExtendedKeyUsageOID.SERVER_AUTH]), False)
        )
        return builder.sign(self.key, hashes.SHA256()).public_bytes(serialization.Encoding.PEM).decode()


def serve(address, handler, context=None):
    server = http.server.ThreadingHTTPServer(address, handler)
    if context:
        server.socket = context.wrap_socket(server.socket, server_side=True)
    threading.Thread(target=server.serve_forever, daemon=True).start()


def fill(cache):
    """Puts the mirror's files where nodeup looks for what it has downloaded already."""
    for line in open(LOCK):
        digest, url = line.split()
        name = re.sub(r"[^a-zA-Z0-9_-]", "_", os.path.basename(url))
        shutil.copy(os.path.join(MIRROR, url.split("://")[1]), os.path.join(cache, f"sha256:{digest}_{name}"))


def main():
    ec2, s3 = (boto3.client(name, region_name=REGION) for name in ("ec2", "s3"))
    templates = ec2.describe_launch_templates()["LaunchTemplates"]
    subprocess.run(["ip", "address", "add", METADATA + "/32", "dev", "lo"], capture_output=True)
    hosts = open("/etc/hosts").read()
    if CONTROLLER not in hosts:
        open("/etc/hosts", "a").write(f"127.0.0.1 {CONTROLLER}\n")
    serve((METADATA, 80), Metadata)
    environment = {
        "PATH": os.environ["PATH"],
        "HOME": "/nonexistent",
        "S3_ENDPOINT": ENDPOINT,
        "S3_REGION": REGION,
        "S3_ACCESS_KEY_ID": "test",
        "S3_SECRET_ACCESS_KEY": "test",
        **{name: value for name, value in os.environ.items() if name.startswith("AWS_") and "METADATA" not in name},
    }
    with tempfile.TemporaryDirectory() as place:
        cache = os.path.join(place, "cache")
        os.mkdir(cache)
        fill(cache)
        for template in templates:
            name = template["LaunchTemplateName"]
            latest = ec2.describe_launch_template_versions(LaunchTemplateName=name, Versions=["$Latest"])
            data = latest["LaunchTemplateVersions"][0]["LaunchTemplateData"]["UserData"]
            script = base64.b64decode(data).decode()
            env = re.search(r"<< '(__EOF_KUBE_ENV)'\n(.*?)\n\1", script, re.S).group(2)
            field = lambda key: re.search(rf"^{key}: (\S+)$", env, re.M).group(1)
            role = {"ControlPlane": "control-plane", "APIServer": "apiserver"}.get(
                field("InstanceGroupRole"), field("InstanceGroupRole").lower()
            )
            base = f"{CLUSTER}/igconfig/{role}/{field('InstanceGroupName')}/nodeupconfig.yaml"
            bucket = os.environ["KOPS_STATE_STORE"].removeprefix("s3://")
            read = lambda key: s3.get_object(Bucket=bucket, Key=key)["Body"].read().decode()
            Controller.group = read(base)
            if Controller.authority is None:
                Controller.authority = Authority(read(f"{CLUSTER}/pki/private/kubernetes-ca/keyset.yaml"))
                key = rsa.generate_private_key(65537, 2048)
                pem = key.private_bytes(
                    serialization.Encoding.PEM,
                    serialization.PrivateFormat.TraditionalOpenSSL,
                    serialization.NoEncryption(),
                )
                chain = os.path.join(place, "controller.pem")
                open(chain, "w").write(pem.decode() + Controller.authority.issue(CONTROLLER, key.public_key()))
                context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
                context.load_cert_chain(chain)
                serve(("127.0.0.1", 3988), Controller, context)
            file = os.path.join(place, "kube_env.yaml")
            open(file, "w").write(env)
            command = [NODEUP, "--conf", file, "--cache", cache, "--retries", "0", "--dryrun"]
            ran = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=120)
            said = ran.stdout + ran.stderr
            if ran.returncode != 0 or "success" not in said:
                sys.exit(f"{name}: nodeup ended with {ran.returncode}:\n{said[-4000:]}")
            tasks = len(re.findall(r"^  [A-Z]\w+/", said, re.M))
            print(f"{name}: {tasks} tasks")


main()
