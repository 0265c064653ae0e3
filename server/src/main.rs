//! The executable `storeroom`: everything is in the library.

use std::process::ExitCode;

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    // Before anything else: two providers in one build would otherwise show at the first sign-in.
    if jsonwebtoken::crypto::aws_lc::DEFAULT_PROVIDER.install_default().is_err() {
        eprintln!("storeroom: another provider of signatures is installed already");
        return ExitCode::FAILURE;
    }
    storeroom::run()
}
