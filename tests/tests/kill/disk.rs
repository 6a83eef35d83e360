//! A full, read-only or missing disk: a clear error, nothing lost, and the next run continues.
//!
//! The tests mount full and read-only file systems, which requires root. Without it they say so.

use std::{
    env, fs,
    io::Write as _,
    os::unix::{
        fs::{MetadataExt as _, PermissionsExt as _, chown},
        process::CommandExt as _,
    },
    path::{Path, PathBuf},
    process::Command,
};

use landform_testkit::{
    examples::example,
    place::{Place, Running, Size, wait_until},
};

const SIZE: Size = Size { resources: 60, latency: 40, parallelism: 4 };

#[test]
fn a_full_disk_is_said_and_room_is_all_it_takes() {
    let mut place = Place::new(SIZE);
    let Some(mount) = Mount::memory(&place.directory.path().join("disk"), "64k") else {
        return skipped("a full disk");
    };
    place.state = mount.path.join("state");
    let full = place.start("apply").wait();
    full.assert_refused(&["No space left on device", "Free some space and run again"]);
    place.assert_explained();
    let made = place.made().len();
    assert!((1..SIZE.resources).contains(&made), "{made} were made on a disk too small for all");
    // The disk stays full. Still nothing is lost, and the state is readable.
    fs::write(mount.path.join("rest"), vec![0; 1 << 20]).unwrap_err();
    let again = place.start("apply").wait();
    again.assert_refused(&["No space left on device"]);
    place.assert_explained();
    mount.again("size=16m");
    place.run("apply");
    place.assert_complete(0);
    place.run("destroy");
    place.assert_gone();
}

#[test]
fn a_read_only_directory_is_said_and_can_be_read() {
    let mut place = Place::new(SIZE);
    let Some(mount) = Mount::memory(&place.directory.path().join("disk"), "16m") else {
        return skipped("a read-only directory");
    };
    place.state = mount.path.join("state");
    mount.again("ro");
    place.start("apply").wait().assert_refused(&["Read-only file system", "Make it writable"]);
    assert!(place.made().is_empty() && !place.state.exists());

    mount.again("rw");
    let running = place.start("apply");
    place.wait_for_effects(3);
    // The mount is refused while a file is open for writing, so it takes several attempts.
    wait_until("a moment between two writes", || mount.try_again("ro"));
    running.wait().assert_refused(&["Read-only file system", "Make it writable"]);
    place.assert_explained();
    place.start("apply").wait().assert_refused(&["Read-only file system"]);
    place.assert_explained();

    mount.again("rw");
    place.run("apply");
    mount.again("ro");
    place.assert_complete(0);
    mount.again("rw");
    place.run("destroy");
    place.assert_gone();
}

#[test]
fn a_lack_of_rights_is_said_and_nothing_is_made() {
    let place = Place::new(SIZE);
    place.run("apply --revision 1");
    // Root may do anything, so another user tries, with a copy of the program in a readable place.
    let somebody = (fs::metadata("/proc/self").unwrap().uid() == 0).then_some(65_534);
    let program = place.directory.path().join("scale");
    if fs::hard_link(example("scale"), &program).is_err() {
        fs::copy(example("scale"), &program).unwrap();
    }
    let runs = place.runs();
    set_mode(place.directory.path(), 0o755);
    own(&place.ledger, somebody);
    for folder in [place.state.clone(), place.state.join("journal"), place.state.join("lease")] {
        set_mode(&folder, 0o555);
    }
    let run = |operation: &str| {
        let mut command = place.command_of(&program, operation);
        if let Some(user) = somebody {
            command.uid(user);
        }
        Running::new(command).wait()
    };
    run("apply").assert_refused(&["Permission denied", "Give this user the right to read and write"]);
    run("destroy").assert_refused(&["Permission denied"]);
    let noop = run("noop --revision 1");
    assert!(noop.succeeded(), "a readable state can be planned: {noop:?}");
    set_mode(&place.state.join("journal"), 0o300);
    if somebody.is_some() {
        run("noop --revision 1").assert_refused(&["Permission denied", "journal"]);
    }
    for folder in [place.state.join("journal"), place.state.join("lease"), place.state.clone()] {
        set_mode(&folder, 0o755);
    }
    assert_eq!(place.runs(), runs);
    place.assert_complete(1);
}

#[test]
fn a_directory_that_vanishes_is_said_and_brought_back_it_goes_on() {
    let place = Place::new(SIZE);
    let aside = place.directory.path().join("aside");
    for (operation, revision) in [("apply", 0), ("apply --revision 2", 2), ("destroy", 2)] {
        let running = place.start(operation);
        // Every operation starts without an open attempt, so this one is its own.
        let intends = || place.read().is_ok_and(|state| state.pending().next().is_some());
        wait_until("its first intent", intends);
        fs::rename(&place.state, &aside).unwrap();
        let ended = running.wait();
        ended.assert_refused(&["Bring it back, or restore it from a backup, before running again"]);
        assert!(!place.state.exists(), "a process without its state started a new one: {ended:?}");
        fs::rename(&aside, &place.state).unwrap();
        place.assert_explained();
        place.run(&format!("apply --revision {revision}"));
        place.assert_complete(revision);
    }
}

/// A mounted file system, unmounted when dropped.
struct Mount {
    path: PathBuf,
}

impl Mount {
    /// A file system in memory. `None` if this user may not mount.
    fn memory(path: &Path, size: &str) -> Option<Self> {
        fs::create_dir(path).unwrap();
        let options = format!("size={size},mode=0755");
        let mounted =
            Command::new("mount").args(["-t", "tmpfs", "-o", &options, "landform"]).arg(path).output();
        mounted.is_ok_and(|mounted| mounted.status.success()).then(|| Self { path: path.to_owned() })
    }

    fn try_again(&self, options: &str) -> bool {
        let options = format!("remount,{options}");
        Command::new("mount").args(["-o", &options]).arg(&self.path).output().unwrap().status.success()
    }

    /// Mounts it with other options.
    fn again(&self, options: &str) {
        wait_until(options, || self.try_again(options));
    }
}

impl Drop for Mount {
    fn drop(&mut self) {
        let _ = Command::new("umount").arg("-l").arg(&self.path).status();
    }
}

/// Prints past the test runner, which hides the output of a passing test.
fn skipped(what: &str) {
    let words = format!(
        "SKIPPED {what}: `mount -t tmpfs` needs root's rights; run the tests as root to include it\n"
    );
    std::io::stderr().write_all(words.as_bytes()).unwrap();
    let required = env::var_os("LANDFORM_REQUIRE_MOUNT").is_some();
    assert!(!required, "LANDFORM_REQUIRE_MOUNT is set, and nothing can be mounted");
}

fn set_mode(path: &Path, mode: u32) {
    fs::set_permissions(path, fs::Permissions::from_mode(mode)).unwrap();
}

fn own(folder: &Path, user: Option<u32>) {
    for path in fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).chain([folder.to_owned()]) {
        if user.is_some() {
            chown(&path, user, None).unwrap();
        }
    }
}
