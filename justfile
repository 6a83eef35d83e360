# The commands of daily work. `just` lists them. See https://just.systems.

# Lists the commands.
default:
    @just --list

# Runs the whole story on the embedded cloud.
story:
    cargo run --example fairwinds

# Runs clippy without the clouds' SDKs.
check:
    cargo clippy --workspace --all-targets -- -D warnings

# Runs all checks that must pass before a change lands.
ci:
    .ci/run

# Runs all tests, with all features.
test:
    cargo test --workspace --all-features

# Builds the documentation and opens it.
doc:
    cargo doc --workspace --all-features --no-deps --open

# Checks the facade with each feature alone and without features.
features:
    cargo check --no-default-features
    for feature in aws gce vpc kops pki cli client aws-client gce-client http encryption object-store postgres terraform bindings; do \
        cargo check --no-default-features --features $feature || exit 1; \
    done

# Compares engines at a size, with Terraform's figures if it is installed.
compare resources="2000":
    cargo run --release --example scale -- --op compare --resources {{ resources }}

# Checks licences, sources and advisories.
deny:
    cargo deny check
