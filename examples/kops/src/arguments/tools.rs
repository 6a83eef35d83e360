//! The options of `export` and `toolbox`.

use std::path::PathBuf;

use clap::{ArgAction, Args, Subcommand};

use super::{Access, Form};
use crate::instance_selector::InstanceSelector;

#[derive(Subcommand)]
pub enum Toolbox {
    /// Writes documents from templates. The language is that of Go's templates, with sprig's functions.
    Template(Template),
    /// Makes an instance group from what its machines must have, such as processors and memory.
    InstanceSelector(Box<InstanceSelector>),
    /// Shows the cloud's resources of a cluster.
    Dump {
        cluster: Option<String>,
        #[command(flatten)]
        form: Form,
    },
}

#[derive(Args)]
pub struct Template {
    /// A file of values, or a directory of such files. A later file replaces values of an earlier file.
    #[arg(long, value_delimiter = ',', value_name = "FILE")]
    pub values: Vec<PathBuf>,
    /// Values to set, such as a=1,b.c=text,list={x,y}. Numbers, true, false and null keep their types.
    #[arg(long = "set", value_name = "KEY=VALUE")]
    pub sets: Vec<String>,
    /// Values to set as texts. They are set before those of --set.
    #[arg(long = "set-string", value_name = "KEY=VALUE")]
    pub set_strings: Vec<String>,
    /// A template, or a directory of templates.
    #[arg(
        long = "template",
        value_delimiter = ',',
        value_name = "FILE",
        required_unless_present = "config_value"
    )]
    pub templates: Vec<PathBuf>,
    /// A template that other templates include by its file name, or a directory of such templates.
    #[arg(long, value_delimiter = ',', value_name = "FILE")]
    pub snippets: Vec<PathBuf>,
    /// The file to write. The default is standard output.
    #[arg(long = "out", value_name = "FILE", alias = "output")]
    pub out: Option<PathBuf>,
    /// Prints this value and no document.
    #[arg(long, value_name = "KEY")]
    #[arg(conflicts_with_all = ["templates", "snippets", "out", "fail_on_missing", "format_yaml", "channel"])]
    pub config_value: Option<String>,
    /// Refuses a template that uses a missing value.
    #[arg(long, default_value_t = true, action = ArgAction::Set, num_args = 0..=1, default_missing_value = "true")]
    #[arg(require_equals = true)]
    pub fail_on_missing: bool,
    /// Writes the documents in a uniform layout.
    #[arg(long, default_value_t = false, action = ArgAction::Set, num_args = 0..=1, default_missing_value = "true")]
    #[arg(require_equals = true)]
    pub format_yaml: bool,
    /// The channel for functions such as ChannelRecommendedImage: a name, or file:///FILE.
    #[arg(long, default_value = "stable")]
    pub channel: String,
}

#[derive(Subcommand)]
pub enum Export {
    /// Adds clusters to the kubeconfig. Its other entries stay.
    #[command(alias = "kubecfg")]
    Kubeconfig(ExportKubeconfig),
}

#[derive(Args)]
pub struct ExportKubeconfig {
    pub cluster: Option<String>,
    /// All clusters of the state store.
    #[arg(long, conflicts_with_all = ["cluster", "api_server"])]
    pub all: bool,
    #[command(flatten)]
    pub access: Access,
    /// The file to change, or - for standard output. The default is kubectl's own file.
    #[arg(long, value_name = "FILE")]
    pub kubeconfig: Option<PathBuf>,
}
