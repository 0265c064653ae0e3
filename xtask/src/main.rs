//! The project's commands: run, test, dev, build, bench. Each sets up what it needs and says what it could not.

mod bench;
mod project;
mod run;
mod shell;
mod site;
mod test;
mod tools;
mod watch;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

use crate::project::Project;

/// What a step of ours ends with; an error is a sentence for the person at the terminal.
type Outcome<T = ()> = Result<T, Box<dyn std::error::Error>>;

#[derive(Parser)]
#[command(name = "cargo xtask", about = "Storeroom's own commands")]
struct Command {
    #[command(subcommand)]
    task: Task,
}

#[derive(Subcommand)]
enum Task {
    /// Builds everything and starts the server.
    Run {
        /// Quick to build, slow to run.
        #[arg(long)]
        dev: bool,
        /// Opens a demo store at once.
        #[arg(long)]
        demo: bool,
        /// Arguments for `storeroom serve`.
        #[arg(last = true)]
        server: Vec<String>,
    },
    /// Checks, lints and tests everything, cheapest first, and stops at the first step that fails.
    Test {
        /// One step alone.
        #[arg(long, value_name = "NAME")]
        only: Option<test::Step>,
        /// Arguments for that step's runner, such as a test's name.
        #[arg(last = true, requires = "only")]
        runner: Vec<String>,
    },
    /// Starts the server and rebuilds it on every change.
    Dev {
        /// Opens a demo store at once.
        #[arg(long)]
        demo: bool,
        /// Arguments for `storeroom serve`.
        #[arg(last = true)]
        server: Vec<String>,
    },
    /// Leaves one self-contained executable: target/release/storeroom.
    Build,
    /// Measures, beside the limits of the same machine.
    Bench {
        /// One benchmark alone, and its arguments.
        #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
        arguments: Vec<String>,
    },
}

fn main() -> ExitCode {
    let task = Command::parse().task;
    let outcome = Project::find().and_then(|project| match task {
        Task::Run { dev, demo, server } => run::run(&project, dev, demo, &server),
        Task::Test { only, runner } => test::test(&project, only, &runner),
        Task::Dev { demo, server } => watch::dev(&project, demo, &server),
        Task::Build => run::build(&project).map(|path| println!("built {}", path.display())),
        Task::Bench { arguments } => bench::bench(&project, &arguments),
    });
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(why) => {
            eprintln!("\nstopped: {why}");
            ExitCode::FAILURE
        }
    }
}
