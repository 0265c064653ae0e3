//! Shared tablets: a PIN opens the floor of one store at one of them, five wrong ones open nothing more, and it all ends.

use crate::shop::{HERE, PASSWORD, Shop, identify, refused_soon, root, via};
use auth::{Auth, NewDevice, Secret, SignedIn};
use model::{Action, Actor, DeviceId, Error, Grant, PersonId, Principal, Result, Role, StoreId};
use std::time::Instant;

const PIN: &str = "739158";

async fn share(auth: &Auth, store: StoreId) -> (DeviceId, Secret) {
    let new = NewDevice { store, name: "Till 2".to_owned(), lock_minutes: 5 };
    auth.share_device(&root(), new, None).await.expect("shared")
}

/// Adds someone with that role there, who sets a PIN.
async fn with_pin(shop: &Shop, name: &str, role: Role, store: Option<StoreId>) -> PersonId {
    let person = shop.person(name, role, store).await;
    set_pin(shop, name).await;
    person
}

async fn set_pin(shop: &Shop, name: &str) {
    let actor = shop.sign_in(name).await.actor;
    shop.auth.set_pin(&actor, &PASSWORD.into(), &PIN.into(), HERE).await.expect("set");
}

async fn enter(auth: &Auth, tablet: &Secret, person: PersonId, pin: &str) -> Result<SignedIn> {
    auth.sign_in_by_pin(Some(tablet), person, &pin.into(), via("Chrome")).await
}

async fn known(auth: &Auth, signed_in: &SignedIn, tablet: Option<&Secret>) -> Result<Actor> {
    let access = signed_in.tokens.access.expose();
    auth.identify(Some(access), None, tablet, via("Chrome")).await.map(|known| known.actor)
}

/// The word that tells what became of a PIN.
fn code(answer: Result<SignedIn>) -> String {
    match answer {
        Ok(_) => "opened".to_owned(),
        Err(Error::Invalid(flaws)) => flaws[0].code.clone(),
        Err(error) => error.to_string(),
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_pin_opens_the_floor_of_its_tablets_store_each_time_anew() {
    db::test::on_each(async |db| {
        let shop = Shop::open(db).await;
        let (here, elsewhere) = (StoreId::new(), StoreId::new());
        let boss = with_pin(&shop, "boss", Role::Administrator, None).await;
        let (_, tablet) = share(&shop.auth, here).await;
        let first = enter(&shop.auth, &tablet, boss, PIN).await.unwrap();
        let second = enter(&shop.auth, &tablet, boss, PIN).await.unwrap();
        assert!(first.session != second.session && first.tokens.refresh != second.tokens.refresh);
        let actor = known(&shop.auth, &second, Some(&tablet)).await.unwrap();
        assert_eq!(actor, second.actor);
        for action in Action::ALL {
            assert_eq!(actor.may(action.at(here)), action.is_on_floor(), "{action:?}");
            assert!(!actor.may(action.at(elsewhere)), "{action:?}");
        }
        // Nor is anything of one's own looked after from there.
        let forbidden = Some(Error::Forbidden(Action::ManagePeople));
        assert_eq!(shop.auth.sessions(&actor, boss).await.err(), forbidden);
        assert_eq!(shop.auth.sign_out_others(&actor, second.session).await.err(), forbidden);
        assert_eq!(shop.auth.take_pin(&actor, boss).await.err(), forbidden);
        shop.auth.sign_out(&actor, second.session).await.unwrap();
        assert_eq!(known(&shop.auth, &second, Some(&tablet)).await.err(), Some(Error::SignedOut));
        known(&shop.auth, &first, Some(&tablet)).await.unwrap();
        let lines = shop.bodies("auth.pin_signed_in").await;
        assert!(lines.len() == 2 && lines.iter().all(|line| line.contains(&boss.to_string())), "{lines:?}");
        shop.close().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_pin_opened_is_worth_nothing_in_another_browser() {
    db::test::on_each(async |db| {
        let shop = Shop::open(db).await;
        let here = StoreId::new();
        let ann = with_pin(&shop, "ann", Role::Employee, Some(here)).await;
        let ((_, tablet), (_, other)) = (share(&shop.auth, here).await, share(&shop.auth, here).await);
        let signed_in = enter(&shop.auth, &tablet, ann, PIN).await.unwrap();
        let (access, refresh) = (signed_in.tokens.access.expose(), signed_in.tokens.refresh.expose());
        for stolen in [None, Some(&other), Some(&Secret::from("A"))] {
            assert_eq!(known(&shop.auth, &signed_in, stolen).await.err(), Some(Error::SignedOut));
            let renewed = shop.auth.identify(None, Some(refresh), stolen, via("x")).await;
            assert_eq!(renewed.err(), Some(Error::SignedOut));
        }
        // The thief has used nothing up: at its tablet the session goes on, and is renewed.
        shop.auth.identify(Some(access), None, Some(&tablet), via("x")).await.unwrap();
        let renewed = shop.auth.identify(None, Some(refresh), Some(&tablet), via("x")).await.unwrap();
        assert!(renewed.renewed.is_some() && renewed.actor.is_on_floor());
        assert_eq!(shop.lines("auth.refresh_reused").await, 0);
        // What a password opened is bound to no tablet.
        let tokens = shop.sign_in("ann").await.tokens;
        assert!(!identify(&shop.auth, Some(&tokens.access), None).await.unwrap().actor.is_on_floor());
        shop.close().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn after_five_wrong_ones_only_the_password_helps_at_every_tablet() {
    db::test::on_each(async |db| {
        let shop = Shop::open(db).await;
        let here = StoreId::new();
        let ann = with_pin(&shop, "ann", Role::Employee, Some(here)).await;
        let bob = with_pin(&shop, "bob", Role::Employee, None).await;
        let ((_, tablet), (_, other)) = (share(&shop.auth, here).await, share(&shop.auth, here).await);
        for attempt in 1..=5 {
            let at = if attempt % 2 == 0 { &tablet } else { &other };
            let expected = if attempt == 5 { "pin_spent" } else { "wrong_pin" };
            assert_eq!(code(enter(&shop.auth, at, ann, "904736").await), expected, "{attempt}");
        }
        for at in [&tablet, &other] {
            assert_eq!(code(enter(&shop.auth, at, ann, PIN).await), "pin_spent", "the right one opens nothing now");
        }
        enter(&shop.auth, &tablet, bob, PIN).await.expect("somebody else's PIN is another one");
        let (_, faces) = shop.auth.faces(&tablet).await.unwrap().unwrap();
        assert_eq!(faces.iter().map(|face| face.spent).collect::<Vec<_>>(), [true, false]);
        shop.try_sign_in("ann", "not the password").await.unwrap_err();
        assert_eq!(code(enter(&shop.auth, &tablet, ann, PIN).await), "pin_spent");
        shop.sign_in("ann").await;
        enter(&shop.auth, &tablet, ann, PIN).await.expect("the password gave the tries back");
        shop.close().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn of_a_hundred_pins_at_once_five_are_looked_at_and_twenty_are_heard() {
    db::test::on_each(async |db| {
        let shop = Shop::open(db).await;
        let here = StoreId::new();
        let ann = with_pin(&shop, "ann", Role::Employee, Some(here)).await;
        let (_, tablet) = share(&shop.auth, here).await;
        let guess = |n: u32| {
            let (auth, tablet) = (shop.auth.clone(), tablet.clone());
            tokio::spawn(async move { enter(&auth, &tablet, ann, &format!("{:06}", 400_000 + n)).await })
        };
        let (mut wrong, mut held) = (0, 0);
        for task in (0..100).map(guess).collect::<Vec<_>>() {
            match task.await.unwrap().expect_err("none of them is right") {
                Error::Invalid(_) => wrong += 1,
                Error::TooMany(_) => held += 1,
                other => panic!("{other:?}"),
            }
        }
        assert!((20..40).contains(&wrong) && wrong + held == 100, "{wrong} {held}");
        let lines = shop.bodies("auth.pin_failed").await;
        let looked_at = lines.iter().filter(|line| line.contains(&ann.to_string())).count();
        assert_eq!(looked_at, 5, "{lines:?}");
        shop.close().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn who_has_no_place_there_gets_the_answer_of_a_wrong_pin_in_the_same_time() {
    db::test::on_each(async |db| {
        let shop = Shop::open(db).await;
        let (here, elsewhere) = (StoreId::new(), StoreId::new());
        let ann = with_pin(&shop, "ann", Role::Employee, Some(here)).await;
        let pierre = with_pin(&shop, "pierre", Role::Manager, Some(elsewhere)).await;
        let dan = with_pin(&shop, "dan", Role::Employee, Some(here)).await;
        let no_pin = shop.person("nora", Role::Employee, Some(here)).await;
        shop.auth.disable(&root(), dan).await.unwrap();
        let (_, tablet) = share(&shop.auth, here).await;
        let (_, faces) = shop.auth.faces(&tablet).await.unwrap().unwrap();
        assert_eq!(faces.iter().map(|face| face.person).collect::<Vec<_>>(), [ann]);
        let begun = Instant::now();
        assert_eq!(code(enter(&shop.auth, &tablet, ann, "904736").await), "wrong_pin");
        let wrong = begun.elapsed();
        for nobody in [pierre, dan, no_pin, PersonId::new()] {
            let begun = Instant::now();
            assert_eq!(code(enter(&shop.auth, &tablet, nobody, PIN).await), "pin_spent");
            assert!(begun.elapsed() * 4 > wrong, "{:?} {wrong:?}", begun.elapsed());
        }
        // Any other browser gets no answer at all.
        for other in [None, Some(Secret::from("x")), Some(Secret::from("A".repeat(43)))] {
            let answer = shop.auth.sign_in_by_pin(other.as_ref(), ann, &PIN.into(), via("x")).await;
            assert_eq!(answer.err(), Some(Error::SignedOut));
        }
        assert!(shop.auth.faces(&Secret::from("A".repeat(43))).await.unwrap().is_none());
        enter(&shop.auth, &tablet, ann, PIN).await.unwrap();
        shop.close().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn it_ends_with_the_tablet_the_pin_the_password_and_the_person() {
    db::test::on_each(async |db| {
        let shop = Shop::open(db).await;
        let here = StoreId::new();
        let bob = with_pin(&shop, "bob", Role::Employee, Some(here)).await;
        let (_, his) = share(&shop.auth, here).await;
        let bobs = enter(&shop.auth, &his, bob, PIN).await.unwrap();
        let (other, _folder) = shop.other_process().await;
        for (way, name) in ["tablet", "pin", "new pin", "password", "own password", "person"].into_iter().enumerate() {
            let name = format!("ann{way} {name}").replace(' ', "-");
            let ann = with_pin(&shop, &name, Role::Employee, Some(here)).await;
            let (device, tablet) = share(&shop.auth, here).await;
            let signed_in = enter(&shop.auth, &tablet, ann, PIN).await.unwrap();
            known(&shop.auth, &signed_in, Some(&tablet)).await.unwrap();
            let by_password = shop.sign_in(&name).await;
            match way {
                0 => shop.auth.end_device(&root(), device).await.unwrap(),
                1 => shop.auth.take_pin(&root(), ann).await.unwrap(),
                2 => set_pin(&shop, &name).await,
                3 => shop.auth.set_password(&root(), ann, "four blue bottles".into()).await.unwrap(),
                4 => {
                    let SignedIn { actor, session, .. } = &by_password;
                    let new = Secret::from("four blue bottles");
                    shop.auth.change_password(actor, *session, &PASSWORD.into(), &new, HERE).await.unwrap();
                }
                _ => shop.auth.disable(&root(), ann).await.unwrap(),
            }
            assert_eq!(known(&shop.auth, &signed_in, Some(&tablet)).await.err(), Some(Error::SignedOut), "{name}");
            refused_soon(async || known(&other, &signed_in, Some(&tablet)).await).await;
            let again = code(enter(&shop.auth, &tablet, ann, PIN).await);
            let expected = ["sign in, then try again", "pin_spent", "opened", "pin_spent", "pin_spent", "pin_spent"];
            assert_eq!(again, expected[way], "{name}");
        }
        known(&shop.auth, &bobs, Some(&his)).await.expect("somebody else goes on working");
        shop.close().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn after_a_quarter_of_an_hour_of_nothing_it_has_ended() {
    db::test::on_each(async |db| {
        let shop = Shop::open(db).await;
        let here = StoreId::new();
        let ann = with_pin(&shop, "ann", Role::Employee, Some(here)).await;
        let (_, tablet) = share(&shop.auth, here).await;
        let signed_in = enter(&shop.auth, &tablet, ann, PIN).await.unwrap();
        let refresh = signed_in.tokens.refresh.expose();
        shop.age_session(signed_in.session, 14 * 60).await;
        known(&shop.auth, &signed_in, Some(&tablet)).await.unwrap();
        let owner = shop.sign_in("ann").await.actor;
        assert_eq!(
            shop.auth.sessions(&owner, ann).await.unwrap().len(),
            3,
            "it is listed, with the two of the password"
        );
        shop.age_session(signed_in.session, 2 * 60).await;
        refused_soon(async || known(&shop.auth, &signed_in, Some(&tablet)).await).await;
        let renewed = shop.auth.identify(None, Some(refresh), Some(&tablet), via("x")).await;
        assert_eq!(renewed.err(), Some(Error::SignedOut));
        assert_eq!(shop.auth.sessions(&owner, ann).await.unwrap().len(), 2);
        shop.close().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn who_manages_people_there_shares_and_ends_tablets_and_nobody_else_does() {
    db::test::on_each(async |db| {
        let shop = Shop::open(db).await;
        let (here, elsewhere) = (StoreId::new(), StoreId::new());
        let local =
            |role| Actor { principal: Principal::System, grants: vec![Grant { role, store: Some(here) }], ..root() };
        let (lena, mark) = (local(Role::Administrator), local(Role::Manager));
        let new = |store, name: &str, lock_minutes| NewDevice { store, name: name.to_owned(), lock_minutes };
        let forbidden = Some(Error::Forbidden(Action::ManagePeople));
        assert_eq!(shop.auth.share_device(&mark, new(here, "Till", 5), None).await.err(), forbidden);
        assert_eq!(shop.auth.share_device(&lena, new(elsewhere, "Till", 5), None).await.err(), forbidden);
        for (name, minutes) in [("", 5), ("\u{7}", 5), (&*"x".repeat(61), 5), ("Till", 0), ("Till", 2)] {
            let refused = shop.auth.share_device(&lena, new(here, name, minutes), None).await;
            assert!(matches!(refused, Err(Error::Invalid(_))), "{name:?} {minutes}");
        }
        let (first, secret) = shop.auth.share_device(&lena, new(here, " Till 1 ", 1), None).await.unwrap();
        let (there, _) = share(&shop.auth, elsewhere).await;
        assert_eq!(shop.auth.devices(&lena).await.unwrap().iter().map(|one| one.id).collect::<Vec<_>>(), [first]);
        assert_eq!(shop.auth.devices(&root()).await.unwrap().len(), 2);
        assert_eq!(shop.auth.devices(&mark).await.err(), forbidden);
        assert_eq!(shop.auth.end_device(&mark, first).await.err(), forbidden);
        assert_eq!(shop.auth.end_device(&lena, there).await.err(), Some(Error::NotFound));
        // The same browser shared again is another tablet, and the first one no longer.
        let (second, _) = shop.auth.share_device(&lena, new(here, "Till 1", 15), Some(&secret)).await.unwrap();
        assert!(shop.auth.tablet(&secret).await.unwrap().is_none());
        assert_eq!(shop.auth.devices(&lena).await.unwrap().iter().map(|one| one.id).collect::<Vec<_>>(), [second]);
        shop.auth.end_device(&lena, second).await.unwrap();
        shop.auth.end_device(&lena, second).await.expect("twice is no error");
        assert_eq!((shop.lines("auth.device_shared").await, shop.lines("auth.device_ended").await), (3, 1));
        shop.close().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn only_who_knows_the_password_sets_a_pin_and_no_easy_one() {
    db::test::on_each(async |db| {
        let shop = Shop::open(db).await;
        shop.person("ann", Role::Employee, None).await;
        let ann = shop.sign_in("ann").await.actor;
        let set = async |password: &str, pin: &str| match shop
            .auth
            .set_pin(&ann, &password.into(), &pin.into(), HERE)
            .await
        {
            Err(Error::Invalid(flaws)) => format!("{} {}", flaws[0].field, flaws[0].code),
            other => format!("{other:?}"),
        };
        assert_eq!(set(PASSWORD, "123456").await, "pin easy_pin");
        assert_eq!(set(PASSWORD, "73915").await, "pin not_six_digits");
        assert_eq!(set("not the password", PIN).await, "password wrong_password");
        assert!(!shop.auth.has_pin(&ann).await.unwrap());
        assert_eq!(set(PASSWORD, PIN).await, "Ok(())");
        assert!(shop.auth.has_pin(&ann).await.unwrap() && shop.auth.people(&root(), "").await.unwrap()[0].has_pin);
        assert_eq!(
            shop.auth.set_pin(&root(), &PASSWORD.into(), &PIN.into(), HERE).await.err(),
            Some(Error::Forbidden(Action::ManagePeople))
        );
        assert_eq!(shop.lines("auth.pin_set").await, 1);
        // Wrong passwords are counted here as anywhere.
        for _ in 0..5 {
            set("not the password", PIN).await;
        }
        shop.lengthen_waits(60).await;
        assert!(set(PASSWORD, PIN).await.starts_with("Err(TooMany("), "it waits");
        shop.close().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_database_alone_tells_nothing_of_a_pin_and_another_key_opens_nothing() {
    db::test::on_each(async |db| {
        let shop = Shop::open(db).await;
        let here = StoreId::new();
        let ann = with_pin(&shop, "ann", Role::Employee, Some(here)).await;
        let (_, tablet) = share(&shop.auth, here).await;
        let signed_in = enter(&shop.auth, &tablet, ann, PIN).await.unwrap();
        enter(&shop.auth, &tablet, ann, "904736").await.unwrap_err();
        let shown = format!("{signed_in:?} {tablet:?} {:?}", shop.auth.tablet(&tablet).await.unwrap());
        let journal = shop.bodies("").await.join("\n");
        let mut tx = shop.db.read().await.unwrap();
        let pins: Vec<(String, String)> = db::fetch_all!(&mut tx, "select hash, pepper from auth_pin").unwrap();
        let devices: Vec<(Vec<u8>, String)> = db::fetch_all!(&mut tx, "select hash, name from auth_device").unwrap();
        drop(tx);
        let stored = format!("{pins:?} {devices:?}");
        for secret in [PIN, "904736", tablet.expose(), signed_in.tokens.refresh.expose()] {
            // Six digits may stand in an id by chance, never as a word of their own.
            let told = |text: &str| {
                text.split(|c: char| !c.is_ascii_alphanumeric() && c != '-' && c != '_').any(|word| word == secret)
            };
            assert!(!told(&shown) && !told(&journal) && !told(&stored), "{secret}");
        }
        assert!(pins.len() == 1 && pins[0].0.starts_with("$argon2id$"));
        // A process with another key cannot tell, and does not count: one with the right key still can.
        let (other, _folder) = shop.other_process().await;
        for _ in 0..6 {
            assert_eq!(code(enter(&other, &tablet, ann, PIN).await), "pin_spent");
        }
        enter(&shop.auth, &tablet, ann, PIN).await.unwrap();
        shop.close().await;
    })
    .await;
}
