//! How Calico finds a machine's address.

use super::Notation;
use std::net::IpAddr;

/// A method by which Calico finds the address of a machine.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Detection {
    /// The first address of the first interface.
    FirstFound,
    /// The address by which the machine reaches another one.
    CanReach(IpAddr),
    /// The address of an interface. The text holds patterns of names, separated by commas.
    Interface(String),
    /// The address of an interface that has none of these names.
    SkipInterface(String),
}

impl Notation for Detection {
    const EXPECTED: &'static str = "first-found, can-reach=ADDRESS, interface=NAMES or skip-interface=NAMES";

    fn read(text: &str) -> Option<Self> {
        let Some((method, rest)) = text.split_once('=') else {
            return (text == "first-found").then_some(Self::FirstFound);
        };
        let names = || {
            let is_list = !rest.is_empty() && !rest.starts_with(',') && !rest.contains('=');
            is_list.then(|| rest.to_owned())
        };
        match method {
            "can-reach" => rest.parse().ok().map(Self::CanReach),
            "interface" => names().map(Self::Interface),
            "skip-interface" => names().map(Self::SkipInterface),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn methods() {
        assert_eq!(Detection::read("first-found"), Some(Detection::FirstFound));
        assert_eq!(
            Detection::read("can-reach=10.0.0.1"),
            Some(Detection::CanReach("10.0.0.1".parse().unwrap()))
        );
        assert_eq!(Detection::read("interface=eth.*"), Some(Detection::Interface("eth.*".into())));
        for text in ["guess", "can-reach=a", "interface=", "skip-interface=,a", "other=a", ""] {
            assert_eq!(Detection::read(text), None, "{text}");
        }
    }
}
