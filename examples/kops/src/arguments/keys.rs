//! The options of keys and secrets.

use std::path::PathBuf;

use clap::{Args, Subcommand};

#[derive(Subcommand)]
pub enum Secret {
    /// The public key for SSH.
    #[command(hide = true)]
    Sshpublickey(SshKey),
    /// The configuration of encryption at rest.
    Encryptionconfig(SecretFile),
    /// The credentials of container registries.
    Dockerconfig(SecretFile),
    /// The key that Cilium encrypts with.
    Ciliumpassword(SecretFile),
}

#[derive(Args)]
pub struct SshKey {
    /// The cluster, or admin, the only user that machines get a key for.
    #[arg(value_name = "CLUSTER|admin")]
    pub cluster: Vec<String>,
    /// The file of the public key.
    #[arg(short = 'i', long, value_name = "FILE", alias = "pubkey")]
    pub ssh_public_key: PathBuf,
}

#[derive(Args)]
pub struct SecretFile {
    pub cluster: Option<String>,
    /// The file that holds the secret, or - for standard input.
    #[arg(short = 'f', long = "filename", value_name = "FILE")]
    pub file: PathBuf,
    /// Replaces an existing secret.
    #[arg(long)]
    pub force: bool,
}

#[derive(Args)]
pub struct Keypair {
    /// The set of keys, such as kubernetes-ca, or all.
    pub keyset: String,
    /// The file of a certificate to add. The default is to make a new key.
    #[arg(long, value_name = "FILE")]
    pub cert: Option<PathBuf>,
    /// The file of the certificate's private key.
    #[arg(long, value_name = "FILE", requires = "cert")]
    pub key: Option<PathBuf>,
    /// Makes the new key sign new certificates at once.
    #[arg(long)]
    pub primary: bool,
}

#[derive(Subcommand)]
pub enum Promote {
    /// Makes a key of a set sign new certificates. The default is the newest key.
    Keypair {
        /// The set of keys, or all.
        keyset: String,
        /// The key's id.
        id: Option<String>,
    },
}

#[derive(Subcommand)]
pub enum Distrust {
    /// Stops trusting keys of a set. The default is all keys that are older than the key that signs.
    Keypair {
        /// The set of keys, or all.
        keyset: String,
        /// The keys' ids.
        ids: Vec<String>,
    },
}

#[derive(Subcommand)]
pub enum Trust {
    /// Trusts keys of a set again.
    Keypair {
        /// The set of keys.
        keyset: String,
        /// The keys' ids.
        #[arg(required = true)]
        ids: Vec<String>,
    },
}
