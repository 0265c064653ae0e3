//! Sessions: recognised while they last, renewed once per token, ended everywhere within a second.

use crate::shop::{PASSWORD, Shop, identify, refused_soon, root, via};
use auth::{Credential, NewTokens, Secret};
use model::{Action, Error, Grant, Refusal, Role, StoreId, Time};
use std::collections::HashSet;

#[tokio::test(flavor = "multi_thread")]
async fn a_good_access_token_is_enough_and_a_good_refresh_token_brings_a_new_one() {
    db::test::on_each(async |db| {
        let shop = Shop::open(db).await;
        shop.person("ann", Role::Manager, None).await;
        let NewTokens { access, refresh, expires } = shop.sign_in("ann").await.tokens;
        assert!(expires > Time::now().plus_seconds(7 * 86_400 - 60));
        let known = identify(&shop.auth, Some(&access), Some(&refresh)).await.unwrap();
        assert!(known.renewed.is_none() && known.actor.may(Action::Reverse.anywhere()));
        let renewed = identify(&shop.auth, None, Some(&refresh)).await.unwrap();
        assert_eq!((&renewed.actor, renewed.session), (&known.actor, known.session));
        let tokens = renewed.renewed.unwrap();
        assert!(tokens.refresh != refresh && tokens.expires == expires);
        let again = identify(&shop.auth, Some(&tokens.access), None).await.unwrap();
        assert_eq!(again.session, known.session);
        shop.close().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn who_shows_nothing_or_nonsense_is_signed_out() {
    db::test::on_each(async |db| {
        let shop = Shop::open(db).await;
        shop.person("ann", Role::Manager, None).await;
        let tokens = shop.sign_in("ann").await.tokens;
        let (access, refresh) = (tokens.access.expose(), tokens.refresh.expose());
        let long = "x".repeat(1_000_000);
        let strange = "A".repeat(43);
        for (a, r) in [
            (None, None),
            (Some(""), Some("")),
            (Some(refresh), Some(access)),
            (Some(long.as_str()), Some(long.as_str())),
            (None, Some(strange.as_str())),
            (None, Some("' or 1 = 1 --")),
        ] {
            assert_eq!(shop.auth.identify(a, r, None, via("x")).await.err(), Some(Error::SignedOut));
        }
        assert_eq!(shop.lines("auth.refresh_reused").await, 0, "nonsense ends nobody's session");
        identify(&shop.auth, Some(&tokens.access), None).await.unwrap();
        shop.close().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn fifty_uses_at_once_of_one_refresh_token_get_one_successor() {
    db::test::on_each(async |db| {
        let shop = Shop::open(db).await;
        shop.person("ann", Role::Employee, None).await;
        for _round in 0..10 {
            let refresh = shop.sign_in("ann").await.tokens.refresh;
            let tasks: Vec<_> = (0..50)
                .map(|_| {
                    let (auth, refresh) = (shop.auth.clone(), refresh.clone());
                    tokio::spawn(async move { identify(&auth, None, Some(&refresh)).await })
                })
                .collect();
            let mut successors = HashSet::new();
            for task in tasks {
                let renewed = task.await.unwrap().expect("each is recognised").renewed.expect("each gets tokens");
                successors.insert(renewed.refresh.expose().to_owned());
            }
            assert_eq!(successors.len(), 1);
            let next = Secret::from(successors.into_iter().next().unwrap());
            identify(&shop.auth, None, Some(&next)).await.expect("the successor is good");
        }
        assert_eq!(shop.lines("auth.refresh_reused").await, 0);
        shop.close().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_refresh_token_used_again_later_ends_the_whole_session_and_no_other() {
    db::test::on_each(async |db| {
        let shop = Shop::open(db).await;
        shop.person("ann", Role::Employee, None).await;
        let bystander = shop.sign_in("ann").await;
        let stolen = shop.sign_in("ann").await;
        let honest = identify(&shop.auth, None, Some(&stolen.tokens.refresh)).await.unwrap().renewed.unwrap();
        shop.age_session(stolen.session, 11).await;
        let thieves = (0..50).map(|_| {
            let (auth, refresh) = (shop.auth.clone(), stolen.tokens.refresh.clone());
            tokio::spawn(async move { identify(&auth, None, Some(&refresh)).await })
        });
        for thief in thieves.collect::<Vec<_>>() {
            assert_eq!(thief.await.unwrap().err(), Some(Error::SignedOut));
        }
        let signed_out = Some(Error::SignedOut);
        assert_eq!(identify(&shop.auth, Some(&honest.access), Some(&honest.refresh)).await.err(), signed_out);
        let lines = shop.bodies("auth.refresh_reused").await;
        assert!(lines.len() == 1 && lines[0].contains(&stolen.session.to_string()), "{lines:?}");
        identify(&shop.auth, Some(&bystander.tokens.access), None).await.unwrap();
        shop.close().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_refresh_token_from_before_the_last_two_is_reuse_even_at_once() {
    db::test::on_each(async |db| {
        let shop = Shop::open(db).await;
        shop.person("ann", Role::Employee, None).await;
        let first = shop.sign_in("ann").await.tokens.refresh;
        let second = identify(&shop.auth, None, Some(&first)).await.unwrap().renewed.unwrap().refresh;
        let third = identify(&shop.auth, None, Some(&second)).await.unwrap().renewed.unwrap().refresh;
        identify(&shop.auth, None, Some(&second)).await.expect("the one before is in its grace time");
        assert_eq!(identify(&shop.auth, None, Some(&first)).await.err(), Some(Error::SignedOut));
        assert_eq!(identify(&shop.auth, None, Some(&third)).await.err(), Some(Error::SignedOut));
        assert_eq!(shop.lines("auth.refresh_reused").await, 1);
        shop.close().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_session_ends_after_twelve_idle_hours_or_seven_days_and_not_before() {
    db::test::on_each(async |db| {
        let shop = Shop::open(db).await;
        shop.person("ann", Role::Employee, None).await;
        let idle = shop.sign_in("ann").await;
        shop.age_session(idle.session, 12 * 3_600 - 60).await;
        let tokens = identify(&shop.auth, None, Some(&idle.tokens.refresh)).await.unwrap().renewed.unwrap();
        shop.age_session(idle.session, 12 * 3_600 + 60).await;
        assert_eq!(identify(&shop.auth, None, Some(&tokens.refresh)).await.err(), Some(Error::SignedOut));
        refused_soon(async || identify(&shop.auth, Some(&tokens.access), None).await).await;

        let old = shop.sign_in("ann").await;
        let mut refresh = old.tokens.refresh;
        for _ in 0..14 {
            shop.age_session(old.session, 11 * 3_600).await;
            refresh = identify(&shop.auth, None, Some(&refresh)).await.unwrap().renewed.unwrap().refresh;
        }
        shop.age_session(old.session, 11 * 3_600).await;
        shop.age_session(old.session, 3 * 3_600).await;
        assert_eq!(identify(&shop.auth, None, Some(&refresh)).await.err(), Some(Error::SignedOut));
        assert_eq!(shop.lines("auth.refresh_reused").await, 0);
        let removed = shop.auth.prune(Time::now().plus_seconds(15 * 86_400)).await.unwrap();
        assert!(removed >= 17, "both sessions and what they used: {removed}");
        shop.close().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn another_process_recognises_the_browser_and_its_refresh_does_no_harm() {
    db::test::on_each(async |db| {
        let shop = Shop::open(db).await;
        let (other, _folder) = shop.other_process().await;
        shop.person("ann", Role::Employee, None).await;
        let signed_in = shop.sign_in("ann").await;
        identify(&other, Some(&signed_in.tokens.access), None).await.expect("one process knows the other's key");
        let there = identify(&other, None, Some(&signed_in.tokens.refresh)).await.unwrap().renewed.unwrap();
        // The other process is newer: this one learns its key, a second after its last look at the latest.
        tokio::time::sleep(std::time::Duration::from_millis(1_050)).await;
        identify(&shop.auth, Some(&there.access), None).await.expect("and the other way round");
        let same = identify(&shop.auth, None, Some(&signed_in.tokens.refresh)).await.unwrap();
        assert_eq!(same.renewed, None, "its successor is the other's secret");
        identify(&shop.auth, None, Some(&there.refresh)).await.unwrap();
        shop.close().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn signing_out_disabling_and_a_new_password_act_everywhere_within_a_second() {
    db::test::on_each(async |db| {
        let shop = Shop::open(db).await;
        let (other, _folder) = shop.other_process().await;
        let ann = shop.person("ann", Role::Employee, None).await;
        shop.person("boss", Role::Administrator, None).await;
        let stays = shop.sign_in("boss").await;
        for change in ["sign out", "sign out all", "disable", "password"] {
            let signed_in = shop.sign_in("ann").await;
            let tokens = &signed_in.tokens;
            let socket = Credential::Session(signed_in.session);
            identify(&other, Some(&tokens.access), None).await.unwrap();
            assert!(other.still_valid(socket, &via("socket")).await.unwrap().is_some());
            match change {
                "sign out" => shop.auth.sign_out(&signed_in.actor, signed_in.session).await.unwrap(),
                "sign out all" => shop.auth.sign_out_all(&signed_in.actor, ann).await.unwrap(),
                "disable" => shop.auth.disable(&root(), ann).await.unwrap(),
                _ => shop.auth.set_password(&root(), ann, PASSWORD.into()).await.unwrap(),
            }
            let here = identify(&shop.auth, Some(&tokens.access), Some(&tokens.refresh)).await;
            assert_eq!(here.err(), Some(Error::SignedOut), "at once where it was done: {change}");
            refused_soon(async || identify(&other, Some(&tokens.access), None).await).await;
            assert_eq!(identify(&other, None, Some(&tokens.refresh)).await.err(), Some(Error::SignedOut), "{change}");
            assert_eq!(other.still_valid(socket, &via("socket")).await, Ok(None), "{change}");
            if change == "disable" {
                assert_eq!(shop.try_sign_in("ann", PASSWORD).await.err(), Some(Error::Refused(Refusal::SignIn)));
                shop.auth.enable(&root(), ann).await.unwrap();
            }
        }
        identify(&other, Some(&stays.tokens.access), None).await.expect("nobody else was touched");
        shop.close().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_change_of_role_acts_everywhere_within_a_second() {
    db::test::on_each(async |db| {
        let shop = Shop::open(db).await;
        let (other, _folder) = shop.other_process().await;
        let here = StoreId::new();
        let ann = shop.person("ann", Role::Employee, Some(here)).await;
        let signed_in = shop.sign_in("ann").await;
        let tokens = signed_in.tokens;
        let socket = Credential::Session(signed_in.session);
        let before = other.still_valid(socket, &via("socket")).await.unwrap().unwrap();
        assert!(before.may(Action::Sell.at(here)) && !before.may(Action::SeeReports.at(here)));
        shop.auth.grant(&root(), ann, Grant { role: Role::Manager, store: Some(here) }).await.unwrap();
        refused_soon(async || identify(&other, Some(&tokens.access), None).await).await;
        let renewed = identify(&other, Some(&tokens.access), Some(&tokens.refresh)).await.unwrap();
        assert!(renewed.actor.may(Action::SeeReports.at(here)) && renewed.renewed.is_some());
        for role in [Role::Manager, Role::Employee] {
            shop.auth.revoke(&root(), ann, Grant { role, store: Some(here) }).await.unwrap();
        }
        tokio::time::sleep(std::time::Duration::from_millis(600)).await;
        let after = other.still_valid(socket, &via("socket")).await.unwrap().expect("the session itself goes on");
        assert!(Action::ALL.into_iter().all(|action| !after.may(action.at(here))));
        shop.close().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn ones_own_sessions_are_listed_and_ended_and_others_are_not() {
    db::test::on_each(async |db| {
        let shop = Shop::open(db).await;
        let ann = shop.person("ann", Role::Employee, None).await;
        shop.person("bob", Role::Employee, None).await;
        let (first, second) = (shop.sign_in("ann").await, shop.sign_in("ann").await);
        assert_ne!(first.session, second.session, "each sign-in is a new session");
        let bob = shop.sign_in("bob").await.actor;
        let listed = shop.auth.sessions(&first.actor, ann).await.unwrap();
        let ids: HashSet<_> = listed.iter().map(|session| session.id).collect();
        assert_eq!(ids, HashSet::from([first.session, second.session]));
        let forbidden = Some(Error::Forbidden(Action::ManagePeople));
        assert_eq!(shop.auth.sessions(&bob, ann).await.err(), forbidden);
        assert_eq!(shop.auth.sign_out(&bob, first.session).await.err(), forbidden);
        assert_eq!(shop.auth.sign_out_all(&bob, ann).await.err(), forbidden);
        shop.auth.sign_out(&first.actor, second.session).await.unwrap();
        assert_eq!(shop.auth.sessions(&first.actor, ann).await.unwrap().len(), 1);
        shop.close().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn no_secret_is_kept_in_clear_written_down_or_shown() {
    db::test::on_each(async |db| {
        let shop = Shop::open(db).await;
        shop.person("ann", Role::Employee, None).await;
        let signed_in = shop.sign_in("ann").await;
        let tokens = &signed_in.tokens;
        shop.try_sign_in("canary-name", "canary-password-1").await.unwrap_err();
        let (_, key) = shop.auth.add_key(&root(), "web", &["all".to_owned()], &model::Scope::All, None).await.unwrap();
        let shown = format!("{signed_in:?} {key:?} {:?}", crate::shop::new("ann", vec![]));
        let journal = shop.bodies("").await.join("\n");
        let mut tx = shop.db.read().await.unwrap();
        let sessions: Vec<(Vec<u8>,)> = db::fetch_all!(&mut tx, "select refresh_hash from auth_session").unwrap();
        let keys: Vec<(Vec<u8>, String)> = db::fetch_all!(&mut tx, "select hash, prefix from auth_key").unwrap();
        let people: Vec<(String,)> = db::fetch_all!(&mut tx, "select password_hash from auth_person").unwrap();
        drop(tx);
        let stored = format!("{sessions:?} {keys:?} {people:?}");
        let secrets = [tokens.access.expose(), tokens.refresh.expose(), key.expose(), PASSWORD];
        for secret in secrets.into_iter().chain(["canary-name", "canary-password-1"]) {
            for place in [&shown, &journal, &stored] {
                assert!(!place.contains(secret), "{secret} in {place}");
            }
        }
        assert!(shown.contains("****") && journal.contains("person") && !sessions.is_empty());
        shop.close().await;
    })
    .await;
}
