//! Who is signed in where: seen and ended by oneself and by who manages them, and by nobody else.

use crate::shop::{HERE, PASSWORD, Shop, identify, new, refused_soon, root, via};
use auth::Secret;
use model::{Action, Actor, Error, Refusal, Role, StoreId};

#[tokio::test(flavor = "multi_thread")]
async fn an_administrator_sees_everybodys_sessions_and_an_employee_only_their_own() {
    db::test::on_each(async |db| {
        let shop = Shop::open(db).await;
        let (here, there) = (StoreId::new(), StoreId::new());
        shop.person("boss", Role::Administrator, None).await;
        shop.person("lead", Role::Administrator, Some(here)).await;
        let ann = shop.person("ann", Role::Employee, Some(here)).await;
        shop.person("pia", Role::Employee, Some(there)).await;
        let [boss, lead, annie, pia] = [
            shop.sign_in("boss").await,
            shop.sign_in("lead").await,
            shop.sign_in("ann").await,
            shop.sign_in("pia").await,
        ];
        let names = async |actor: &Actor| {
            let mut names: Vec<_> = shop.auth.all_sessions(actor).await.unwrap().into_iter().map(|s| s.name).collect();
            names.sort();
            names
        };
        let all = ["ann of the shop", "boss of the shop", "lead of the shop", "pia of the shop"];
        assert_eq!(names(&boss.actor).await, all);
        assert_eq!(names(&lead.actor).await, [all[0], all[2]], "of one's own stores");
        assert_eq!(shop.auth.all_sessions(&annie.actor).await.err(), Some(Error::Forbidden(Action::ManagePeople)));
        let own = shop.auth.sessions(&annie.actor, ann).await.unwrap();
        assert_eq!((own.len(), own[0].id, own[0].person, own[0].device.as_str()), (1, annie.session, ann, "tablet"));
        let foreign = shop.auth.sign_out(&annie.actor, pia.session).await;
        assert_eq!(foreign, Err(Error::Forbidden(Action::ManagePeople)));
        assert_eq!(shop.auth.sign_out(&lead.actor, pia.session).await, Err(Error::Forbidden(Action::ManagePeople)));
        shop.auth.sign_out(&lead.actor, annie.session).await.unwrap();
        refused_soon(async || identify(&shop.auth, Some(&annie.tokens.access), None).await).await;
        identify(&shop.auth, Some(&pia.tokens.access), None).await.unwrap();
        assert_eq!(shop.lines("auth.signed_out").await, 1);
        shop.close().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn signing_out_elsewhere_ends_every_other_session_within_a_second_and_not_this_one() {
    db::test::on_each(async |db| {
        let shop = Shop::open(db).await;
        shop.person("ann", Role::Employee, None).await;
        shop.person("bob", Role::Employee, None).await;
        let [here, tablet, bob] = [shop.sign_in("ann").await, shop.sign_in("ann").await, shop.sign_in("bob").await];
        let (other, _folder) = shop.other_process().await;
        identify(&other, Some(&tablet.tokens.access), None).await.unwrap();
        shop.auth.sign_out_others(&here.actor, here.session).await.unwrap();
        refused_soon(async || identify(&other, Some(&tablet.tokens.access), None).await).await;
        refused_soon(async || identify(&other, None, Some(&tablet.tokens.refresh)).await).await;
        identify(&other, Some(&here.tokens.access), None).await.unwrap();
        identify(&other, Some(&bob.tokens.access), None).await.unwrap();
        // With nobody else there, there is nothing to write down.
        shop.auth.sign_out_others(&here.actor, here.session).await.unwrap();
        assert_eq!(shop.lines("auth.sessions_revoked").await, 1);
        let machine = shop.auth.sign_out_others(&root(), here.session).await;
        assert_eq!(machine, Err(Error::Forbidden(Action::ManagePeople)), "who is no person has no sessions");
        shop.close().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn ones_own_password_is_changed_with_the_old_one_and_not_without() {
    db::test::on_each(async |db| {
        let shop = Shop::open(db).await;
        shop.person("ann", Role::Employee, None).await;
        let [here, elsewhere] = [shop.sign_in("ann").await, shop.sign_in("ann").await];
        let change = async |old: &str, next: &str| {
            shop.auth.change_password(&here.actor, here.session, &Secret::new(old), &Secret::new(next), HERE).await
        };
        let field = |answer| match answer {
            Err(Error::Invalid(flaws)) => flaws.into_iter().map(|flaw| (flaw.field, flaw.code)).next(),
            _ => None,
        };
        let flaw = |field: &str, code: &str| Some((field.to_owned(), code.to_owned()));
        assert_eq!(field(change("a guess at random", "green kettle 43 rain").await), flaw("old", "wrong_password"));
        assert_eq!(field(change(PASSWORD, "short").await), flaw("password", "too_short"));
        identify(&shop.auth, Some(&elsewhere.tokens.access), None).await.unwrap();
        assert_eq!(shop.lines("auth.password_set").await, 0);

        change(PASSWORD, "green kettle 43 rain").await.unwrap();
        refused_soon(async || identify(&shop.auth, Some(&elsewhere.tokens.access), None).await).await;
        identify(&shop.auth, None, Some(&here.tokens.refresh)).await.expect("this session goes on");
        assert_eq!(shop.try_sign_in("ann", PASSWORD).await.err(), Some(Error::Refused(Refusal::SignIn)));
        shop.try_sign_in("ann", "green kettle 43 rain").await.unwrap();
        assert_eq!(shop.lines("auth.password_set").await, 1);
        for _try in 0..5 {
            assert_eq!(field(change("still a guess", "yellow kettle 44 rain").await), flaw("old", "wrong_password"));
        }
        shop.lengthen_waits(60).await;
        let wait = change("still a guess", "yellow kettle 44 rain").await;
        assert!(matches!(wait, Err(Error::TooMany(_))), "guesses are slowed down as at the door: {wait:?}");
        shop.close().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_set_up_token_opens_the_house_until_there_is_an_administrator() {
    db::test::on_each(async |db| {
        let shop = Shop::open(db).await;
        assert!(!shop.auth.has_people().await.unwrap());
        let token = shop.auth.setup_token().await.unwrap();
        let actor = shop.auth.setup_actor(&token, via("x")).await.unwrap();
        assert!(actor.may(Action::ManageStores.anywhere()) && actor.name == "set-up");
        let wrong = shop.auth.setup_actor(&Secret::new("guess"), via("x")).await;
        assert!(matches!(wrong, Err(Error::Invalid(flaws)) if flaws[0].code == "bad_token"));
        shop.auth.create_first_administrator(&token, new("ann", vec![]), via("x")).await.unwrap();
        assert!(shop.auth.has_people().await.unwrap());
        assert!(shop.auth.setup_actor(&token, via("x")).await.is_err(), "the token is dead");
        let ann = shop.sign_in("ann").await;
        assert_eq!((ann.actor.name.as_str(), ann.language.as_str()), ("ann of the shop", "en"));
        assert!(ann.actor.may(Action::ManagePeople.anywhere()));
        shop.close().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_demo_is_one_only_while_nobody_else_can_sign_in() {
    db::test::on_each(async |db| {
        let shop = Shop::open(db).await;
        let known = [("ann", "ann of the shop"), ("bob", "bob of the shop")];
        assert!(!shop.auth.are_everybody(&known).await.unwrap());
        shop.person("boss", Role::Administrator, None).await;
        shop.person("ann", Role::Employee, None).await;
        let bob = shop.person("bob", Role::Employee, None).await;
        assert!(!shop.auth.are_everybody(&known).await.unwrap(), "the boss is somebody else");
        let all = [known[0], known[1], ("boss", "boss of the shop")];
        assert!(shop.auth.are_everybody(&all).await.unwrap());
        shop.auth.disable(&root(), bob).await.unwrap();
        assert!(!shop.auth.are_everybody(&all).await.unwrap(), "bob cannot sign in");
        let found = shop.auth.person_named(&root(), " ANN ").await.unwrap().map(|person| person.display_name);
        assert_eq!(found.as_deref(), Some("ann of the shop"));
        assert_eq!(shop.auth.person_named(&root(), "zoe").await.unwrap(), None);
        shop.close().await;
    })
    .await;
}
