//! Ports of network traffic: one port, or a range of ports. A range of one port means that port.

/// The port, or the range from the lower port to the higher one, without superfluous zeros. `None` if the text is neither.
pub(super) fn canonical(text: &str) -> Option<String> {
    let port = |text: &str| {
        let digits = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
        text.parse::<u16>().ok().filter(|_| digits)
    };
    match text.split_once('-') {
        None => port(text).map(|one| one.to_string()),
        Some((first, last)) => match (port(first)?, port(last)?) {
            (first, last) if first == last => Some(first.to_string()),
            (first, last) if first < last => Some(format!("{first}-{last}")),
            _ => None,
        },
    }
}

#[cfg(test)]
mod tests {
    use super::canonical;
    use crate::Meaning;

    #[test]
    fn ports_and_ranges() {
        for (text, form) in [
            ("443", Some("443")),
            ("443-443", Some("443")),
            ("0443-443", Some("443")),
            ("8000-9000", Some("8000-9000")),
            ("0-65535", Some("0-65535")),
        ] {
            assert_eq!(canonical(text).as_deref(), form, "{text}");
        }
        for none in ["", "-", "443-", "-443", "+443", "9000-8000", "65536", "1-2-3", "http", "22, 23", " 22"]
        {
            assert_eq!(canonical(none), None, "{none}");
            assert_eq!(Meaning::PortRange.canonical(none), none);
        }
    }

    #[test]
    fn every_port_is_its_range_of_one_and_no_other() {
        for port in 0..=u16::MAX {
            let (one, range) = (port.to_string(), format!("{port}-{port}"));
            assert!(Meaning::PortRange.same(&one, &range), "{port}");
            assert_eq!(Meaning::PortRange.key(&range), one);
            let next = port.checked_add(1).unwrap_or_default();
            assert!(!Meaning::PortRange.same(&range, &next.to_string()), "{port}");
            assert!(!Meaning::PortRange.same(&range, &format!("{port}-{next}")), "{port}");
        }
    }
}
