//! Running other programs: for what they print, for what they do, or with an ear on both.

use std::env;
use std::ffi::OsStr;
use std::io::{BufRead, BufReader, IsTerminal, Read, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::Mutex;
use std::thread;
use std::time::Instant;

use crate::Outcome;

/// Cargo, the one that runs us, at the project's root.
pub fn cargo(root: &Path) -> Command {
    let mut command = Command::new(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    command.current_dir(root);
    command
}

/// Cargo's list of what it compiles is for a person who waits, not for a log.
pub fn quiet_in_a_log(flag: &'static str) -> Option<&'static str> {
    (!std::io::stderr().is_terminal()).then_some(flag)
}

/// Runs a program in front of the person and fails with its name when it fails.
pub fn run(command: &mut Command) -> Outcome {
    let status = command.status().map_err(|why| cannot_start(command, &why))?;
    if status.success() { Ok(()) } else { Err(format!("`{}` failed ({status})", shown(command)).into()) }
}

/// What a program prints; what it complains about goes to the terminal.
pub fn output(command: &mut Command) -> Outcome<String> {
    let output = command.stderr(Stdio::inherit()).output().map_err(|why| cannot_start(command, &why))?;
    if !output.status.success() {
        return Err(format!("`{}` failed ({})", shown(command), output.status).into());
    }
    Ok(String::from_utf8(output.stdout)?)
}

/// Runs a program, passes on all that it prints, and returns it too, with whether the program succeeded.
pub fn overhear(command: &mut Command) -> Outcome<(bool, String)> {
    let mut child =
        command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().map_err(|why| cannot_start(command, &why))?;
    let heard = Mutex::new(String::new());
    let (out, err) = (child.stdout.take(), child.stderr.take());
    thread::scope(|scope| {
        scope.spawn(|| listen(out, &mut std::io::stdout(), &heard));
        scope.spawn(|| listen(err, &mut std::io::stderr(), &heard));
    });
    let succeeded = child.wait()?.success();
    Ok((succeeded, heard.into_inner().expect("no listener panics while it holds the text")))
}

fn listen(from: Option<impl Read>, to: &mut impl Write, heard: &Mutex<String>) {
    let Some(from) = from else { return };
    let mut from = BufReader::new(from);
    let mut line = Vec::new();
    while from.read_until(b'\n', &mut line).is_ok_and(|read| read > 0) {
        // A closed terminal is no reason to stop the tests.
        let _ = to.write_all(&line).and_then(|()| to.flush());
        heard.lock().expect("no listener panics while it holds the text").push_str(&String::from_utf8_lossy(&line));
        line.clear();
    }
}

/// Becomes the program, so that signals reach it directly; returns only when it could not start.
pub fn become_program(command: &mut Command) -> Outcome {
    #[cfg(unix)]
    {
        use std::os::unix::process::CommandExt;
        let why = command.exec();
        Err(cannot_start(command, &why).into())
    }
    #[cfg(not(unix))]
    run(command)
}

/// Says which step begins, runs it and says how long it took.
pub fn timed<T>(step: &str, work: impl FnOnce() -> Outcome<T>) -> Outcome<T> {
    eprintln!("── {step}");
    let start = Instant::now();
    let done = work()?;
    eprintln!("── {step}: {:.1} s", start.elapsed().as_secs_f32());
    Ok(done)
}

/// A program of this name on the PATH.
pub fn find(program: &str) -> Option<PathBuf> {
    let path = env::var_os("PATH")?;
    env::split_paths(&path).map(|folder| folder.join(program)).find(|file| file.is_file())
}

/// Whether this is an automatic run (`CI=true`).
pub fn in_ci() -> bool {
    env::var_os("CI").is_some_and(|ci| !ci.is_empty() && ci != "false" && ci != "0")
}

fn shown(command: &Command) -> String {
    let program = Path::new(command.get_program()).file_name().unwrap_or(command.get_program());
    let words: Vec<_> = std::iter::once(program).chain(command.get_args()).map(OsStr::to_string_lossy).collect();
    words.join(" ")
}

fn cannot_start(command: &Command, why: &std::io::Error) -> String {
    format!("cannot start `{}`: {why}", shown(command))
}
