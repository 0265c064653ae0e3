//! How good the forecasts are on a real till, beside two simple ways: no speed, but what was missed.

use crate::client::Client;
use crate::import::files;
use crate::server::Server;
use crate::{Arguments, Outcome};
use model::{ForecastMethod, ForecastQuality};

/// The day after the last of the till's six months.
const DAY: &str = "2011-06-01";

/// Prints what each way has missed. Nothing of it depends on the machine, so there are no rounds.
pub async fn measure(arguments: &Arguments) -> Outcome {
    let files = files(arguments.till.as_deref())?;
    let mut server = Server::prepare(None).await?;
    let paths: Vec<_> = files.iter().map(|file| file.to_string_lossy().into_owned()).collect();
    let mut words = vec!["import", "till"];
    words.extend(paths.iter().map(String::as_str));
    words.extend(["--store", "LON"]);
    server.say(&words).await?;
    server.say(&["rebuild"]).await?;
    server.serve().await?;
    let mut client = Client::open(server.port).await?;
    let bearer = format!("Bearer {}", server.key);
    let path = format!("/api/v1/reports/forecast-quality?store=LON&day={DAY}");
    let (status, _, body) = client.send("GET", &path, &[("authorization", &bearer)], String::new()).await?;
    if !status.is_success() {
        return Err(format!("GET {path}: {status} {}", String::from_utf8_lossy(&body)).into());
    }
    let quality: ForecastQuality = serde_json::from_slice(&body)?;
    server.stop().await?;
    println!(
        "\n## Forecasts of {} days from {} weeks of a till's past, {} of them, {} units sold",
        quality.days, quality.weeks, quality.forecasts, quality.sold
    );
    println!(
        "| forecast | units missed ÷ units sold (WAPE) | bias | missed ÷ the moving average's |\n|---|---|---|---|"
    );
    let parts = |quantity: model::Quantity| quantity.parts() as f64;
    let average = quality.errors.iter().find(|error| error.method == ForecastMethod::Average);
    let average = average.map_or(f64::NAN, |error| parts(error.missed));
    for error in &quality.errors {
        let name = match error.method {
            ForecastMethod::Ours => "ours",
            ForecastMethod::Again => "the two weeks before again",
            ForecastMethod::Average => "average of the four weeks before",
        };
        let (missed, bias) = (parts(error.missed) / parts(quality.sold), parts(error.bias) / parts(quality.sold));
        println!("| {name} | {missed:.3} | {bias:+.3} | {:.2} |", parts(error.missed) / average);
    }
    Ok(())
}
