//! The throttle: a crowd of guesses is checked a few at a time, and nobody learns which names exist.

use crate::shop::{HERE, PASSWORD, Shop, via};
use auth::{Secret, SignedIn};
use model::{Error, Refusal, Result, Role};
use std::net::IpAddr;
use std::time::Instant;

/// Held by a wait that was lengthened by a minute.
fn is_held(answer: &Result<SignedIn>) -> bool {
    matches!(answer, Err(Error::TooMany(2..=61)))
}

#[tokio::test(flavor = "multi_thread")]
async fn of_a_hundred_guesses_at_once_five_are_checked() {
    db::test::on_each(async |db| {
        let shop = Shop::open(db).await;
        shop.person("ann", Role::Employee, None).await;
        let begun = Instant::now();
        let tasks: Vec<_> = (0..100)
            .map(|n| {
                let auth = shop.auth.clone();
                let guess = Secret::from(format!("wrong guess number {n}"));
                // Each from another address nearby, so that the name's count alone holds them.
                let address = IpAddr::from([10, 0, 0, n]);
                tokio::spawn(async move { auth.sign_in("Ann", &guess, address, via("x")).await })
            })
            .collect();
        let (mut checked, mut held) = (0, 0);
        for task in tasks {
            match task.await.unwrap() {
                Err(Error::Refused(Refusal::SignIn)) => checked += 1,
                Err(Error::TooMany(seconds)) => held += usize::from((1..=900).contains(&seconds)),
                other => panic!("{other:?}"),
            }
        }
        // The sixth may come after a second, the seventh after three …
        let more = (begun.elapsed().as_secs() + 1).ilog2() as usize;
        assert!((5..=5 + more).contains(&checked), "{checked} checked in {:?}", begun.elapsed());
        assert_eq!(checked + held, 100);
        assert_eq!(shop.lines("auth.sign_in_failed").await, checked, "what was not checked fills no journal");
        shop.close().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn unknown_wrong_and_disabled_look_alike_until_they_are_held() {
    db::test::on_each(async |db| {
        let shop = Shop::open(db).await;
        shop.person("ann", Role::Administrator, None).await;
        let bob = shop.person("bob", Role::Employee, None).await;
        shop.auth.disable(&crate::shop::root(), bob).await.unwrap();
        for name in ["ann", "bob", "nobody"] {
            let password = if name == "bob" { PASSWORD } else { "not the password" };
            for attempt in 1..=5 {
                let answer = shop.try_sign_in(name, password).await.err();
                assert_eq!(answer, Some(Error::Refused(Refusal::SignIn)), "{name} {attempt}");
            }
            shop.lengthen_waits(60).await;
            assert!(is_held(&shop.try_sign_in(name, password).await), "{name}");
        }
        let lines = shop.bodies("auth.sign_in_failed").await;
        assert!(lines.iter().all(|line| !line.contains("nobody") && !line.contains("password")), "{lines:?}");
        shop.close().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_success_starts_the_name_anew_and_a_wait_ends() {
    db::test::on_each(async |db| {
        let shop = Shop::open(db).await;
        shop.person("ann", Role::Employee, None).await;
        for _ in 0..3 {
            for _ in 0..4 {
                assert!(shop.try_sign_in("ann", "not the password").await.is_err());
            }
            shop.sign_in(" ANN ").await;
        }
        for _ in 0..5 {
            assert_eq!(shop.try_sign_in("ann", "wrong").await.err(), Some(Error::Refused(Refusal::SignIn)));
        }
        shop.lengthen_waits(60).await;
        assert!(is_held(&shop.try_sign_in("ann", PASSWORD).await), "even the right one waits");
        shop.lengthen_waits(-61).await;
        shop.sign_in("ann").await;
        shop.close().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_spray_over_many_names_is_held_by_its_address_and_other_addresses_are_not() {
    db::test::on_each(async |db| {
        let shop = Shop::open(db).await;
        shop.person("ann", Role::Employee, None).await;
        // The counting alone is at stake here: hashing 30 passwords would only take time.
        let mut tx = shop.db.begin().await.unwrap();
        db::execute!(
            &mut tx,
            "insert into auth_attempt (subject, fails, unlock_at, last_at) values ($1, 29, 0, $2)",
            format!("address:{HERE}"),
            model::Time::now()
        )
        .unwrap();
        tx.commit().await.unwrap();
        assert_eq!(shop.try_sign_in("name 30", "wrong").await.err(), Some(Error::Refused(Refusal::SignIn)));
        shop.lengthen_waits(60).await;
        assert!(is_held(&shop.try_sign_in("name 31", "wrong").await));
        let elsewhere = "192.0.2.7".parse().unwrap();
        shop.auth.sign_in("ann", &PASSWORD.into(), elsewhere, via("tablet")).await.unwrap();
        shop.close().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn guesses_from_far_away_do_not_keep_somebody_out_until_there_are_very_many() {
    db::test::on_each(async |db| {
        let shop = Shop::open(db).await;
        shop.person("ann", Role::Employee, None).await;
        let guess = async |address: &str, password: &str| {
            shop.auth.sign_in("ann", &password.into(), address.parse().unwrap(), via("x")).await
        };
        for _ in 0..5 {
            assert_eq!(guess("192.0.2.7", "wrong").await.err(), Some(Error::Refused(Refusal::SignIn)));
        }
        shop.lengthen_waits(60).await;
        assert!(is_held(&guess("192.0.2.8", PASSWORD).await), "the same district waits");
        shop.sign_in("ann").await;
        // As if a crowd of districts had guessed all day: hashing that many passwords would only take time.
        let mut tx = shop.db.begin().await.unwrap();
        let name = "insert into auth_attempt (subject, fails, unlock_at, last_at)
                    select substr(subject, 1, length(subject) - length($1)), 199, 0, last_at from auth_attempt
                    where subject like $2";
        assert_eq!(db::execute!(&mut tx, name, " 192.0.2.0", "name:% 192.0.2.0").unwrap(), 1);
        tx.commit().await.unwrap();
        assert_eq!(guess("203.0.113.9", "wrong").await.err(), Some(Error::Refused(Refusal::SignIn)));
        shop.lengthen_waits(60).await;
        assert!(is_held(&shop.try_sign_in("ann", PASSWORD).await), "now the name waits everywhere");
        shop.close().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn guesses_at_a_name_that_waits_are_counted_for_their_address_all_the_same() {
    db::test::on_each(async |db| {
        let shop = Shop::open(db).await;
        for _ in 0..5 {
            assert_eq!(shop.try_sign_in("ann", "wrong").await.err(), Some(Error::Refused(Refusal::SignIn)));
        }
        shop.lengthen_waits(600).await;
        for _ in 0..25 {
            assert!(matches!(shop.try_sign_in("ann", "wrong").await, Err(Error::TooMany(62..=601))));
        }
        shop.lengthen_waits(60).await;
        assert!(is_held(&shop.try_sign_in("bob", "wrong").await), "thirty from one address");
        assert_eq!(shop.lines("auth.sign_in_failed").await, 5);
        shop.close().await;
    })
    .await;
}
