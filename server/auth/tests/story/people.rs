//! People: added and trusted within one's own stores, and one administrator always left.

use crate::shop::{PASSWORD, Shop, new, root, via};
use auth::Secret;
use model::{Action, Error, Grant, Refusal, Role, StoreId};

fn administrator(store: Option<StoreId>) -> Grant {
    Grant { role: Role::Administrator, store }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_person_signs_in_with_their_password_and_acts_in_their_store() {
    db::test::on_each(async |db| {
        let shop = Shop::open(db).await;
        let here = StoreId::new();
        let ann = shop.person("Ann", Role::Employee, Some(here)).await;
        let signed_in = shop.sign_in("ann").await;
        assert!(signed_in.actor.may(Action::Sell.at(here)));
        assert!(!signed_in.actor.may(Action::Sell.at(StoreId::new())));
        assert_eq!((signed_in.actor.name.as_str(), signed_in.language.as_str()), ("Ann of the shop", "en"));
        assert_eq!((shop.lines("auth.person_added").await, shop.lines("auth.signed_in").await), (1, 1));

        shop.auth.set_password(&root(), ann, "another kettle 43".into()).await.unwrap();
        assert_eq!(shop.try_sign_in("ann", PASSWORD).await.err(), Some(Error::Refused(Refusal::SignIn)));
        shop.try_sign_in("ann", "another kettle 43").await.unwrap();
        shop.close().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_name_is_taken_once_and_bad_ones_are_told_what_to_mend() {
    db::test::on_each(async |db| {
        let shop = Shop::open(db).await;
        shop.person("ann", Role::Employee, None).await;
        let twin = shop.auth.add_person(&root(), new("ANN", vec![])).await;
        assert_eq!(twin, Err(Refusal::NameTaken { name: "ann".to_owned() }.into()));
        let mut bad = new("two words", vec![]);
        bad.password = "password123".into();
        bad.display_name = String::new();
        let Err(Error::Invalid(flaws)) = shop.auth.add_person(&root(), bad).await else { panic!("it is refused") };
        let fields: Vec<_> = flaws.iter().map(|flaw| flaw.field.as_str()).collect();
        assert_eq!(fields, ["name", "display_name", "password"]);
        shop.close().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_last_administrator_stays_and_the_one_before_may_go() {
    db::test::on_each(async |db| {
        let shop = Shop::open(db).await;
        let ann = shop.person("ann", Role::Administrator, None).await;
        let bob = shop.person("bob", Role::Administrator, None).await;
        // An administrator of one store does not count: they cannot administer the rest.
        shop.person("cat", Role::Administrator, Some(StoreId::new())).await;
        shop.auth.revoke(&root(), bob, administrator(None)).await.unwrap();
        let last = Err(Error::Refused(Refusal::LastAdministrator));
        assert_eq!(shop.auth.disable(&root(), ann).await, last);
        assert_eq!(shop.auth.revoke(&root(), ann, administrator(None)).await, last);
        shop.sign_in("ann").await;
        shop.auth.grant(&root(), bob, administrator(None)).await.unwrap();
        shop.auth.disable(&root(), ann).await.unwrap();
        assert_eq!(shop.auth.disable(&root(), bob).await, last);
        assert!(shop.auth.has_administrator().await.unwrap());
        shop.close().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn two_administrators_who_disable_each_other_at_once_leave_one() {
    db::test::on_each(async |db| {
        let shop = Shop::open(db).await;
        for round in 0..5 {
            let one = shop.person(&format!("one{round}"), Role::Administrator, None).await;
            let two = shop.person(&format!("two{round}"), Role::Administrator, None).await;
            let disable = |person| {
                let auth = shop.auth.clone();
                tokio::spawn(async move { auth.disable(&root(), person).await })
            };
            let (first, second) = (disable(one), disable(two));
            let answers = [first.await.unwrap(), second.await.unwrap()];
            let done = answers.iter().filter(|answer| answer.is_ok()).count();
            // In the first round one of the two has to stay; later the one who stayed may still be there for both.
            assert!(if round == 0 { done == 1 } else { done >= 1 }, "{answers:?}");
            assert!(shop.auth.has_administrator().await.unwrap());
        }
        shop.close().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn who_manages_one_store_gives_roles_there_and_nowhere_else() {
    db::test::on_each(async |db| {
        let shop = Shop::open(db).await;
        let (here, there) = (StoreId::new(), StoreId::new());
        let boss = shop.person("boss", Role::Administrator, None).await;
        shop.person("ann", Role::Administrator, Some(here)).await;
        let bob = shop.person("bob", Role::Employee, Some(here)).await;
        let cat = shop.person("cat", Role::Employee, Some(there)).await;
        let ann = shop.sign_in("ann").await.actor;
        let manager = |store| Grant { role: Role::Manager, store };
        shop.auth.grant(&ann, bob, manager(Some(here))).await.unwrap();
        let forbidden = Err(Error::Forbidden(Action::ManagePeople));
        assert_eq!(shop.auth.grant(&ann, bob, manager(Some(there))).await, forbidden);
        assert_eq!(shop.auth.grant(&ann, bob, manager(None)).await, forbidden);
        let everywhere = new("dan", vec![administrator(None)]);
        assert_eq!(shop.auth.add_person(&ann, everywhere).await.err(), forbidden.err());
        for stranger in [boss, cat] {
            assert_eq!(shop.auth.set_password(&ann, stranger, Secret::new(PASSWORD)).await, Err(Error::NotFound));
            assert_eq!(shop.auth.disable(&ann, stranger).await, Err(Error::NotFound));
        }
        let names: Vec<_> = shop.auth.people(&ann, "").await.unwrap().into_iter().map(|p| p.name).collect();
        assert_eq!(names, ["ann", "bob"]);
        let bob = shop.sign_in("bob").await.actor;
        assert_eq!(shop.auth.people(&bob, "").await.err(), Some(Error::Forbidden(Action::ManagePeople)));
        shop.close().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_set_up_token_makes_one_first_administrator_and_no_second() {
    db::test::on_each(async |db| {
        let shop = Shop::open(db).await;
        assert!(!shop.auth.has_administrator().await.unwrap());
        let old = shop.auth.setup_token().await.unwrap();
        let token = shop.auth.setup_token().await.unwrap();
        let make = |token: Secret, name: &'static str| {
            let auth = shop.auth.clone();
            tokio::spawn(async move { auth.create_first_administrator(&token, new(name, vec![]), via("x")).await })
        };
        for wrong in [old, Secret::new(""), Secret::new("guess")] {
            assert!(matches!(make(wrong, "eve").await.unwrap(), Err(Error::Invalid(_))));
        }
        let at_once = [make(token.clone(), "ann"), make(token.clone(), "bob"), make(token.clone(), "cat")];
        let mut made = 0;
        for task in at_once {
            made += usize::from(task.await.unwrap().is_ok());
        }
        assert_eq!((made, shop.lines("auth.set_up").await), (1, 1));
        assert!(shop.auth.has_administrator().await.unwrap());
        assert!(make(token, "dan").await.unwrap().is_err());
        assert_eq!(shop.auth.setup_token().await.err(), Some(Error::NotFound));
        shop.close().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_set_up_token_of_half_an_hour_ago_is_void() {
    db::test::on_each(async |db| {
        let shop = Shop::open(db).await;
        let token = shop.auth.setup_token().await.unwrap();
        let mut tx = shop.db.begin().await.unwrap();
        db::execute!(&mut tx, "update auth_house set setup_until = setup_until - $1", 31_i64 * 60_000_000).unwrap();
        tx.commit().await.unwrap();
        let late = shop.auth.create_first_administrator(&token, new("ann", vec![]), via("x")).await;
        assert!(matches!(late, Err(Error::Invalid(_))));
        shop.close().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_weak_hash_is_renewed_at_the_next_sign_in() {
    use argon2::password_hash::{PasswordHasher, phc::PasswordHash};
    db::test::on_each(async |db| {
        let shop = Shop::open(db).await;
        let ann = shop.person("ann", Role::Employee, None).await;
        let weak = argon2::Argon2::from(argon2::Params::new(8_192, 1, 1, None).unwrap());
        let weak: PasswordHash = weak.hash_password(PASSWORD.as_bytes()).unwrap();
        let mut tx = shop.db.begin().await.unwrap();
        db::execute!(&mut tx, "update auth_person set password_hash = $1 where id = $2", weak.to_string(), ann)
            .unwrap();
        tx.commit().await.unwrap();
        shop.sign_in("ann").await;
        let (hash,): (String,) = db::fetch_one!(
            &mut shop.db.read().await.unwrap(),
            "select password_hash from auth_person where id = $1",
            ann
        )
        .unwrap();
        assert!(hash.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{hash}");
        shop.sign_in("ann").await;
        shop.close().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_of_people_is_full_as_long_as_there_are_more_whom_one_manages() {
    db::test::on_each(async |db| {
        let shop = Shop::open(db).await;
        let (here, there) = (StoreId::new(), StoreId::new());
        shop.person("ann", Role::Administrator, Some(here)).await;
        shop.person("bob", Role::Employee, Some(there)).await;
        let ann = shop.sign_in("ann").await.actor;
        // As if they had been added one by one: hashing that many passwords would only take time.
        let mut tx = shop.db.begin().await.unwrap();
        for number in 0..450 {
            let (person, store) = (model::PersonId::new(), if number % 2 == 0 { here } else { there });
            db::execute!(
                &mut tx,
                "insert into auth_person (id, name, display_name, password_hash, language, disabled, version, created_at)
                 select $1, $2, $2, password_hash, language, disabled, version, created_at from auth_person
                 where name = 'ann'",
                person,
                format!("p{number:03}")
            )
            .unwrap();
            db::execute!(&mut tx, "insert into auth_grant (person, role, store) values ($1, 'employee', $2)", person, store)
                .unwrap();
        }
        tx.commit().await.unwrap();
        let first = shop.auth.people(&ann, "").await.unwrap();
        assert_eq!((first.len(), first[0].name.as_str(), first[199].name.as_str()), (200, "ann", "p396"));
        assert_eq!(first[1].grants, [Grant { role: Role::Employee, store: Some(here) }]);
        let rest = shop.auth.people(&ann, "p396").await.unwrap();
        assert_eq!((rest.len(), rest[25].name.as_str()), (26, "p448"));
        shop.close().await;
    })
    .await;
}
