//! API keys: what their scopes, stores and creator allow, and no longer than that.

use crate::shop::{Shop, refused_soon, root, via};
use auth::Credential;
use model::{Action, Error, Grant, Role, Scope, StoreId, Time};

fn scopes(names: &[&str]) -> Vec<String> {
    names.iter().map(|name| (*name).to_owned()).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_key_does_what_it_was_made_for_and_nothing_else() {
    db::test::on_each(async |db| {
        let shop = Shop::open(db).await;
        let (here, there) = (StoreId::new(), StoreId::new());
        let only = Scope::Only(vec![here]);
        let (id, key) = shop.auth.add_key(&root(), "web shop", &scopes(&["sales:write"]), &only, None).await.unwrap();
        let actor = shop.auth.identify_key(key.expose(), via("web")).await.unwrap();
        assert_eq!((actor.principal, actor.name.as_str()), (model::Principal::Key(id), "web shop"));
        assert_eq!(actor.grants, [Grant { role: Role::Integration, store: Some(here) }]);
        assert!(actor.may(Action::Sell.at(here)));
        assert!(!actor.may(Action::Sell.at(there)) && !actor.may(Action::SeeStock.at(here)));
        let (_, all) = shop.auth.add_key(&root(), "erp", &scopes(&["all"]), &Scope::All, None).await.unwrap();
        let actor = shop.auth.identify_key(all.expose(), via("erp")).await.unwrap();
        assert!(actor.may(Action::Sell.at(there)) && actor.may(Action::SeeStock.at(here)));
        assert!(!actor.may(Action::ManageKeys.anywhere()) && !actor.may(Action::ReadJournal.anywhere()));
        assert_eq!(shop.lines("auth.key_added").await, 2);
        shop.close().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_text_that_is_no_key_of_ours_is_refused() {
    db::test::on_each(async |db| {
        let shop = Shop::open(db).await;
        let (_, key) = shop.auth.add_key(&root(), "web", &scopes(&["all"]), &Scope::All, None).await.unwrap();
        let key = key.expose();
        assert!(key.starts_with("sr_live_") && key.len() == 60);
        let mut texts = vec![String::new(), "sr_live_".to_owned(), key[..59].to_owned(), format!("{key}A")];
        for place in 0..key.len() {
            let other = if &key[place..=place] == "A" { "B" } else { "A" };
            texts.push(format!("{}{other}{}", &key[..place], &key[place + 1..]));
        }
        for text in texts {
            assert_eq!(shop.auth.identify_key(&text, via("x")).await.err(), Some(Error::SignedOut), "{text}");
        }
        shop.auth.identify_key(key, via("web")).await.unwrap();
        shop.close().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_revoked_key_ends_everywhere_within_a_second_and_an_expired_one_too() {
    db::test::on_each(async |db| {
        let shop = Shop::open(db).await;
        let (other, _folder) = shop.other_process().await;
        let all = scopes(&["all"]);
        let (id, key) = shop.auth.add_key(&root(), "web", &all, &Scope::All, None).await.unwrap();
        let tomorrow = Some(Time::now().plus_seconds(86_400));
        let (_, short) = shop.auth.add_key(&root(), "visitor", &all, &Scope::All, tomorrow).await.unwrap();
        let (_, stays) = shop.auth.add_key(&root(), "erp", &all, &Scope::All, None).await.unwrap();
        for key in [&key, &short, &stays] {
            other.identify_key(key.expose(), via("web")).await.unwrap();
        }
        assert!(other.still_valid(Credential::Key(id), &via("socket")).await.unwrap().is_some());
        shop.auth.revoke_key(&root(), id).await.unwrap();
        shop.auth.revoke_key(&root(), id).await.expect("twice is no error");
        assert_eq!(shop.auth.identify_key(key.expose(), via("web")).await.err(), Some(Error::SignedOut));
        refused_soon(async || other.identify_key(key.expose(), via("web")).await).await;
        refused_soon(async || other.still_valid(Credential::Key(id), &via("socket")).await?.ok_or(Error::SignedOut))
            .await;
        assert_eq!(shop.lines("auth.key_revoked").await, 1);
        let mut tx = shop.db.begin().await.unwrap();
        db::execute!(&mut tx, "update auth_key set expires_at = expires_at - $1", 86_400_000_000_i64).unwrap();
        tx.commit().await.unwrap();
        refused_soon(async || other.identify_key(short.expose(), via("web")).await).await;
        other.identify_key(stays.expose(), via("web")).await.unwrap();
        shop.close().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_key_never_reaches_further_than_its_creator_does_now() {
    db::test::on_each(async |db| {
        let shop = Shop::open(db).await;
        let here = StoreId::new();
        shop.person("boss", Role::Administrator, None).await;
        let ann = shop.person("ann", Role::Administrator, Some(here)).await;
        let ann_now = shop.sign_in("ann").await.actor;
        let all = scopes(&["all"]);
        let everywhere = shop.auth.add_key(&ann_now, "web", &all, &Scope::All, None).await;
        assert_eq!(everywhere.err(), Some(Error::Forbidden(Action::ManageKeys)));
        let there = Scope::Only(vec![here, StoreId::new()]);
        assert!(shop.auth.add_key(&ann_now, "web", &all, &there, None).await.is_err());
        let (_, key) = shop.auth.add_key(&ann_now, "web", &all, &Scope::Only(vec![here]), None).await.unwrap();
        let may =
            async |action: Action| shop.auth.identify_key(key.expose(), via("web")).await.unwrap().may(action.at(here));
        assert!(may(Action::Sell).await && may(Action::EditItems).await);
        let grant = |role| Grant { role, store: Some(here) };
        shop.auth.grant(&root(), ann, grant(Role::Employee)).await.unwrap();
        shop.auth.revoke(&root(), ann, grant(Role::Administrator)).await.unwrap();
        assert!(may(Action::Sell).await && !may(Action::EditItems).await);
        shop.auth.revoke(&root(), ann, grant(Role::Employee)).await.unwrap();
        assert!(!may(Action::Sell).await);
        shop.auth.disable(&root(), ann).await.unwrap();
        assert_eq!(shop.auth.identify_key(key.expose(), via("web")).await.err(), Some(Error::SignedOut));
        shop.close().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn only_who_manages_keys_makes_lists_and_revokes_them() {
    db::test::on_each(async |db| {
        let shop = Shop::open(db).await;
        let (here, there) = (StoreId::new(), StoreId::new());
        shop.person("ann", Role::Administrator, Some(here)).await;
        shop.person("bob", Role::Manager, None).await;
        let (ann, bob) = (shop.sign_in("ann").await.actor, shop.sign_in("bob").await.actor);
        let all = scopes(&["all"]);
        let forbidden = Some(Error::Forbidden(Action::ManageKeys));
        assert_eq!(shop.auth.add_key(&bob, "x", &all, &Scope::Only(vec![here]), None).await.err(), forbidden);
        assert_eq!(shop.auth.keys(&bob).await.err(), forbidden);
        shop.auth.add_key(&ann, "mine", &all, &Scope::Only(vec![here]), None).await.unwrap();
        let (foreign, key) = shop.auth.add_key(&root(), "x", &all, &Scope::Only(vec![there]), None).await.unwrap();
        let names: Vec<_> = shop.auth.keys(&ann).await.unwrap().into_iter().map(|key| key.name).collect();
        assert_eq!(names, ["mine"]);
        assert_eq!(shop.auth.revoke_key(&ann, foreign).await.err(), Some(Error::NotFound));
        assert_eq!(shop.auth.revoke_key(&bob, foreign).await.err(), forbidden);
        let integration = shop.auth.identify_key(key.expose(), via("web")).await.unwrap();
        let child = shop.auth.add_key(&integration, "x", &all, &Scope::Only(vec![there]), None).await;
        assert_eq!(child.err(), forbidden);
        shop.close().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_bad_request_for_a_key_says_what_to_mend_and_a_use_is_noted() {
    db::test::on_each(async |db| {
        let shop = Shop::open(db).await;
        let far = Time::now().plus_seconds(366 * 86_400);
        let bad = shop.auth.add_key(&root(), " ", &scopes(&["sales:read"]), &Scope::Only(vec![]), Some(far)).await;
        let Err(Error::Invalid(flaws)) = bad else { panic!("it is refused") };
        let fields: Vec<_> = flaws.iter().map(|flaw| flaw.field.as_str()).collect();
        assert_eq!(fields, ["name", "scopes", "stores", "expires"]);
        let (_, key) = shop.auth.add_key(&root(), "web", &scopes(&["all"]), &Scope::All, None).await.unwrap();
        assert_eq!(shop.auth.keys(&root()).await.unwrap()[0].last_used_at, None);
        shop.auth.identify_key(key.expose(), via("web")).await.unwrap();
        let mut listed = shop.auth.keys(&root()).await.unwrap();
        for _ in 0..50 {
            if listed[0].last_used_at.is_some() {
                break;
            }
            tokio::time::sleep(std::time::Duration::from_millis(20)).await;
            listed = shop.auth.keys(&root()).await.unwrap();
        }
        assert!(listed[0].last_used_at.is_some());
        assert!(key.expose().starts_with(&listed[0].prefix));
        shop.close().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_key_that_is_good_is_listed_first_however_many_of_others_and_revoked_ones_are_newer() {
    db::test::on_each(async |db| {
        let shop = Shop::open(db).await;
        let here = StoreId::new();
        shop.person("ann", Role::Administrator, Some(here)).await;
        let ann = shop.sign_in("ann").await.actor;
        let all = scopes(&["all"]);
        let only = Scope::Only(vec![here]);
        shop.auth.add_key(&ann, "old and good", &all, &only, None).await.unwrap();
        let (revoked, _) = shop.auth.add_key(&ann, "new and revoked", &all, &only, None).await.unwrap();
        shop.auth.revoke_key(&ann, revoked).await.unwrap();
        // As if there were hundreds of keys for all stores: making each as an act would only take time.
        let mut tx = shop.db.begin().await.unwrap();
        for number in 0..600 {
            db::execute!(
                &mut tx,
                "insert into auth_key (id, prefix, name, hash, scopes, stores, created_at, expires_at)
                 select $1, $2, 'another', hash, scopes, '*', created_at + 1, expires_at from auth_key where id = $3",
                model::KeyId::new(),
                format!("{number:08}"),
                revoked
            )
            .unwrap();
        }
        tx.commit().await.unwrap();
        let names = async |actor| -> Vec<String> {
            shop.auth.keys(actor).await.unwrap().into_iter().map(|key| key.name).collect()
        };
        assert_eq!(names(&ann).await, ["old and good", "new and revoked"]);
        let of_all = names(&root()).await;
        assert_eq!((of_all.len(), of_all[601].as_str()), (602, "new and revoked"));
        shop.close().await;
    })
    .await;
}
