//! State directories of another stack, of a newer release, damaged ones, and directories without a state.

use std::fs;

use crate::desk::Desk;

const SAY_YES: [&str; 3] = ["plan", "apply --yes", "destroy --yes"];

fn refuse(desk: &Desk, said: &[&str]) {
    for command in SAY_YES {
        desk.refuse(&format!("{command} --state it"), said);
    }
}

/// A desk with an applied network, and the file of one of its segments.
fn applied(segment: u32) -> (Desk, std::path::PathBuf) {
    let desk = Desk::new();
    desk.succeed("apply --yes --state it");
    let file = desk.path().join(format!("it/journal/{segment:020}.seg"));
    assert!(file.is_file());
    (desk, file)
}

#[test]
fn of_another_stack() {
    let desk = Desk::new();
    let mut other = std::process::Command::new(landform_testkit::examples::example("scale"));
    other.args(["--op", "apply", "--resources", "3", "--state"]).arg(desk.path().join("it"));
    assert!(other.output().unwrap().status.success());
    refuse(
        &desk,
        &["it", "belongs to stack \"scale\", not to \"fairwinds\"", "Give each stack a separate place"],
    );
    desk.refuse("--state it", &["belongs to stack \"scale\""]);
}

#[test]
fn of_a_newer_release() {
    let (desk, file) = applied(1);
    let text = fs::read_to_string(&file).unwrap();
    let (header, rest) = text.split_once('\n').unwrap();
    let header = header[9..].replace("\"format\":1", "\"format\":1000");
    fs::write(&file, format!("{:08x} {header}\n{rest}", crc32(header.as_bytes()))).unwrap();
    refuse(&desk, &["it", "segment 1 has format 1000", "reads formats up to", "Use a newer release"]);

    let (desk, _) = applied(1);
    let ledger = desk.path().join("it.cloud/ledger.log");
    let text = fs::read_to_string(&ledger).unwrap();
    fs::write(&ledger, text.replacen("\"landform_sim\":1", "\"landform_sim\":1000", 1)).unwrap();
    refuse(&desk, &["it.cloud/ledger.log:1: ", "format 1000", "use a newer one"]);
}

#[test]
fn with_a_byte_changed() {
    let (desk, file) = applied(3);
    let mut bytes = fs::read(&file).unwrap();
    let middle = bytes.len() / 2;
    bytes[middle] ^= 1;
    fs::write(&file, bytes).unwrap();
    refuse(
        &desk,
        &["it", "segment 3 is damaged at byte ", "Restore this file from a backup; nothing was changed"],
    );
}

#[test]
fn with_a_segment_missing() {
    let (desk, file) = applied(3);
    fs::remove_file(file).unwrap();
    refuse(&desk, &["it", "segment 3 is missing, while segment 4 is there", "Restore it from a backup"]);
}

#[test]
fn that_is_no_state_at_all() {
    let desk = Desk::new();
    desk.write("it/letter.txt", "Dear all");
    refuse(&desk, &["it", "letter.txt", "no journal", "Use an empty or new place"]);
    let desk = Desk::new();
    desk.write("it", "a file");
    refuse(&desk, &["it", "Not a directory"]);
}

/// CRC-32 as in Ethernet, bit by bit.
fn crc32(bytes: &[u8]) -> u32 {
    !bytes.iter().fold(!0_u32, |sum, byte| {
        (0..8).fold(sum ^ u32::from(*byte), |sum, _| (sum >> 1) ^ (0xedb8_8320 & (sum & 1).wrapping_neg()))
    })
}
