//! The functions of templates: Go's own, sprig's, and kops's. `now` and `ago` read the clock. No function uses random
//! numbers, the environment or the network.

mod collections;
pub mod dates;
mod numbers;
mod texts;
mod versions;

use super::value::Value;

/// What a release channel recommends.
pub trait Channel {
    /// The version of Kubernetes.
    fn version(&self) -> Result<String, String>;
    /// The version of Kubernetes for a cluster that has `version`.
    fn upgrade(&self, version: &str) -> Result<String, String>;
    /// The image of a cloud's machines.
    fn image(&self, cloud: &str, version: &str, architecture: &str) -> Result<String, String>;
}

/// The arguments of a call.
pub struct Arguments(Vec<Value>);

type Answer = Result<Value, String>;

/// Functions that run.rs evaluates itself or gives a template's context.
const OF_THE_RUN: [&str; 1] = ["include"];

const OF_KOPS: [&str; 3] = [
    "ChannelRecommendedImage",
    "ChannelRecommendedKopsKubernetesVersion",
    "ChannelRecommendedKubernetesUpgradeVersion",
];

/// Functions of Go and sprig that are not supported, because they depend on random numbers, on the environment, on the
/// network or on cryptography that no cluster spec needs.
const UNSUPPORTED: &[&str] = &[
    "adler32sum",
    "bcrypt",
    "buildCustomCert",
    "call",
    "camelcaseToDash",
    "decryptAES",
    "derivePassword",
    "encryptAES",
    "env",
    "expandenv",
    "genCA",
    "genCAWithKey",
    "genPrivateKey",
    "genSelfSignedCert",
    "genSelfSignedCertWithKey",
    "genSignedCert",
    "genSignedCertWithKey",
    "getHostByName",
    "hello",
    "htpasswd",
    "osBase",
    "osClean",
    "osDir",
    "osExt",
    "osIsAbs",
    "randAlpha",
    "randAlphaNum",
    "randAscii",
    "randBytes",
    "randInt",
    "randNumeric",
    "sha1sum",
    "sha512sum",
    "shuffle",
    "urlJoin",
    "urlParse",
    "uuidv4",
    "wrap",
    "wrapWith",
    "b32enc",
    "b32dec",
    "fromYaml",
];

/// Whether there is a function of this name.
pub fn is_known(name: &str) -> bool {
    OF_THE_RUN.contains(&name) || OF_KOPS.contains(&name) || find(name).is_some()
}

/// Why a name is not a function.
pub fn unknown(name: &str) -> String {
    match UNSUPPORTED.contains(&name) {
        true => format!("the function {name} is not supported"),
        false => format!("there is no function {name}: expected one of Go's templates, of sprig or of kops"),
    }
}

/// Calls a function.
pub fn call(name: &str, arguments: Vec<Value>, channel: &dyn Channel) -> Answer {
    let arguments = Arguments(arguments);
    match name {
        "ChannelRecommendedKopsKubernetesVersion" => return channel.version().map(Value::Text),
        "ChannelRecommendedKubernetesUpgradeVersion" => {
            return channel.upgrade(&arguments.text(0)?).map(Value::Text);
        }
        "ChannelRecommendedImage" => {
            let architecture = if arguments.len() > 2 { arguments.text(2)? } else { "amd64".to_owned() };
            let image = channel.image(&arguments.text(0)?, &arguments.text(1)?, &architecture);
            return image.map(Value::Text);
        }
        _ => {}
    }
    let Some(function) = find(name) else { return Err(unknown(name)) };
    let count = arguments.len();
    if count < function.least || count > function.most {
        let expected = match (function.least, function.most) {
            (least, most) if least == most => format!("{least}"),
            (least, usize::MAX) => format!("at least {least}"),
            (least, most) => format!("{least} to {most}"),
        };
        return Err(format!("expected {expected} arguments, not {count}"));
    }
    (function.run)(&arguments)
}

/// A function and how many arguments it takes.
#[derive(Clone, Copy)]
pub struct Function {
    least: usize,
    most: usize,
    run: fn(&Arguments) -> Answer,
}

/// A function with a fixed number of arguments.
const fn exactly(count: usize, run: fn(&Arguments) -> Answer) -> Function {
    Function { least: count, most: count, run }
}

/// A function with a number of arguments in a range.
const fn between(least: usize, most: usize, run: fn(&Arguments) -> Answer) -> Function {
    Function { least, most, run }
}

/// A function with any number of arguments from `least` on.
const fn any(least: usize, run: fn(&Arguments) -> Answer) -> Function {
    Function { least, most: usize::MAX, run }
}

fn find(name: &str) -> Option<Function> {
    // sprig's `must` variants fail where the plain ones return an empty value. All functions here fail.
    let plain = name.strip_prefix("must").map(|rest| {
        let mut letters = rest.chars();
        letters.next().map_or_else(String::new, |first| first.to_lowercase().chain(letters).collect())
    });
    let of = |name: &str| {
        let text = texts::find(name).or_else(|| collections::find(name));
        text.or_else(|| numbers::find(name)).or_else(|| versions::find(name)).or_else(|| dates::find(name))
    };
    of(name).or_else(|| of(&plain?))
}

impl Arguments {
    fn len(&self) -> usize {
        self.0.len()
    }

    fn all(&self) -> &[Value] {
        &self.0
    }

    fn get(&self, index: usize) -> Result<&Value, String> {
        self.0.get(index).ok_or_else(|| format!("expected more than {index} arguments"))
    }

    fn last(&self) -> Result<&Value, String> {
        self.0.last().ok_or_else(|| "expected an argument".to_owned())
    }

    /// A text. Other values are not converted, as in Go.
    fn text(&self, index: usize) -> Result<String, String> {
        match self.get(index)? {
            Value::Text(text) => Ok(text.clone()),
            other => Err(wrong("a text", other)),
        }
    }

    /// A text, or the text of another value.
    fn shown(&self, index: usize) -> Result<String, String> {
        Ok(self.get(index)?.to_string())
    }

    fn int(&self, index: usize) -> Result<i64, String> {
        int(self.get(index)?)
    }

    /// A number of characters or items, which is not negative.
    fn size(&self, index: usize) -> Result<usize, String> {
        let number = self.int(index)?;
        usize::try_from(number).map_err(|_| format!("expected a number from 0 on, not {number}"))
    }

    fn list(&self, index: usize) -> Result<&[Value], String> {
        match self.get(index)? {
            Value::List(items) => Ok(items),
            Value::Nil => Ok(&[]),
            other => Err(wrong("a list", other)),
        }
    }

    fn map(&self, index: usize) -> Result<&super::value::Fields, String> {
        match self.get(index)? {
            Value::Map(fields) => Ok(fields),
            other => Err(wrong("a map", other)),
        }
    }
}

fn wrong(expected: &str, value: &Value) -> String {
    match value {
        Value::Nil => format!("expected {expected}, not nothing"),
        other => format!("expected {expected}, not the {} {other}", other.kind()),
    }
}

/// A number as sprig converts it: a text that is no number counts as 0.
fn int(value: &Value) -> Result<i64, String> {
    Ok(match value {
        Value::Int(number) => *number,
        Value::Float(number) => *number as i64,
        Value::Bool(truth) => i64::from(*truth),
        Value::Text(text) => text.parse().unwrap_or_default(),
        Value::Nil => 0,
        other => return Err(wrong("a number", other)),
    })
}

fn float(value: &Value) -> Result<f64, String> {
    Ok(match value {
        Value::Float(number) => *number,
        Value::Text(text) => text.parse().unwrap_or_default(),
        other => int(other)? as f64,
    })
}
