//! The demo, for `serve --demo`: opened when the database is empty, and its sign-ins for the console.

use crate::house::command_line;
use crate::{House, Stop};
use integration::demo::SignIn;

/// Opens the demo store and its people, when there is nobody yet; answers with how they sign in, or with nothing when
/// somebody's own data is there.
///
/// # Errors
/// When the store cannot be opened.
pub async fn open(house: &House) -> Result<Vec<SignIn>, Stop> {
    let actor = command_line();
    if house.auth.people(&actor, "").await?.is_empty() {
        house.integration.open_demo_with_people(&actor).await?;
    }
    Ok(house.integration.demo_sign_ins().await?)
}
