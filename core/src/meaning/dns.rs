//! DNS names. Route 53 returns them in lower case, with a final dot, and with escapes such as `\052` for unusual
//! letters.

/// Lower case, no final dot, and `\ooo` only for characters that are not visible ASCII, for the backslash, and for a
/// dot within a label.
pub(super) fn canonical(text: &str) -> String {
    let text = match text.strip_suffix('.') {
        Some(rest) if !rest.is_empty() && !ends_in_escape(rest) => rest,
        _ => text,
    };
    let bytes = text.as_bytes();
    let mut canonical = String::with_capacity(text.len());
    let mut at = 0;
    while let Some(byte) = bytes.get(at) {
        match escaped(&bytes[at..]) {
            Some((byte, length)) => {
                push(&mut canonical, byte, true);
                at += length;
            }
            None => {
                push(&mut canonical, *byte, false);
                at += 1;
            }
        }
    }
    canonical
}

/// The letter of an escape at the beginning, and the length of the escape: `\052` or `\*`.
fn escaped(bytes: &[u8]) -> Option<(u8, usize)> {
    match bytes {
        [b'\\', a @ b'0'..=b'3', b @ b'0'..=b'7', c @ b'0'..=b'7', ..] => {
            Some(((a - b'0') << 6 | (b - b'0') << 3 | (c - b'0'), 4))
        }
        [b'\\', letter, ..] if !letter.is_ascii_digit() => Some((*letter, 2)),
        _ => None,
    }
}

/// Whether a dot after this text would belong to it.
fn ends_in_escape(text: &str) -> bool {
    text.bytes().rev().take_while(|byte| *byte == b'\\').count() % 2 == 1
}

fn push(canonical: &mut String, byte: u8, was_escaped: bool) {
    match byte {
        b'\\' => push_escape(canonical, byte),
        b'.' if was_escaped => push_escape(canonical, byte),
        0x21..=0x7e => canonical.push(char::from(byte.to_ascii_lowercase())),
        _ => push_escape(canonical, byte),
    }
}

fn push_escape(canonical: &mut String, byte: u8) {
    canonical.push_str(&format!("\\{byte:03o}"));
}

#[cfg(test)]
mod tests {
    use super::canonical;

    #[test]
    fn names_have_one_form() {
        for (text, form) in [
            ("*.Example.com.", "*.example.com"),
            ("\\052.example.com", "*.example.com"),
            ("\\101.example.com", "a.example.com"),
            ("a\\056b.example.com.", "a\\056b.example.com"),
            ("a\\.b.example.com.", "a\\056b.example.com"),
            ("\\134052.example.com", "\\134052.example.com"),
            ("b\u{fc}ro.example.com", "b\\303\\274ro.example.com"),
            ("b\\303\\274ro.example.com", "b\\303\\274ro.example.com"),
            ("two words.", "two\\040words"),
            (".", "."),
            ("", ""),
            ("a\\", "a\\134"),
            ("a\\.", "a\\056"),
        ] {
            assert_eq!(canonical(text), form, "{text}");
            assert_eq!(canonical(form), form, "{text}");
        }
    }
}
