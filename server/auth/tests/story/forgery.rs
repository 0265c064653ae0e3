//! Forged access tokens: thousands of them, each refused with the same answer and without a panic.

use crate::shop::{Shop, identify, via};
use auth::Secret;
use aws_lc_rs::hmac;
use aws_lc_rs::signature::{Ed25519KeyPair, KeyPair};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD as BASE64};
use model::{Error, Role};
use serde_json::{Value, json};

/// A thief with the real signing key: only what he says can be wrong.
struct Forger {
    pair: Ed25519KeyPair,
    header: Value,
    claims: Value,
    honest: String,
}

impl Forger {
    fn new(shop: &Shop, honest: &str) -> Self {
        let pkcs8 = std::fs::read(shop.folder.path().join("keys/session.key")).expect("the key is there");
        let pair = Ed25519KeyPair::from_pkcs8(&pkcs8).expect("it is a key");
        let mut parts = honest.split('.').map(|part| BASE64.decode(part).expect("a token is base64"));
        let mut next = || serde_json::from_slice(&parts.next().expect("a token has parts")).unwrap_or(Value::Null);
        Self { pair, header: next(), claims: next(), honest: honest.to_owned() }
    }

    fn sign(&self, header: &Value, claims: &Value) -> String {
        self.sign_text(&header.to_string(), &claims.to_string())
    }

    fn sign_text(&self, header: &str, claims: &str) -> String {
        let message = format!("{}.{}", BASE64.encode(header), BASE64.encode(claims));
        let signature = self.pair.sign(message.as_bytes());
        format!("{message}.{}", BASE64.encode(signature.as_ref()))
    }

    fn with_header(&self, name: &str, value: Value) -> String {
        let mut header = self.header.clone();
        header[name] = value;
        self.sign(&header, &self.claims)
    }

    fn with_claim(&self, name: &str, value: Value) -> String {
        let mut claims = self.claims.clone();
        claims[name] = value;
        self.sign(&self.header, &claims)
    }

    fn without(&self, part: &str, name: &str) -> String {
        let (mut header, mut claims) = (self.header.clone(), self.claims.clone());
        let object = if part == "header" { &mut header } else { &mut claims };
        object.as_object_mut().expect("an object").remove(name);
        self.sign(&header, &claims)
    }

    fn headers(&self) -> Vec<String> {
        let public = BASE64.encode(self.pair.public_key().as_ref());
        let mut forged = Vec::new();
        for alg in ["none", "None", "nOnE", "HS256", "RS256", "ES256", "PS512", "", "EDDSA", "Ed25519"] {
            let token = self.with_header("alg", json!(alg));
            let bare = token.rsplit_once('.').expect("a token has parts").0;
            forged.extend([format!("{bare}."), bare.to_owned(), token.clone()]);
        }
        for kid in ["", "other", "../../keys/session.key", "' or '1'='1", "\0", "AAAAAAAAAAAAAAAA"] {
            forged.push(self.with_header("kid", json!(kid)));
        }
        for typ in ["JWT", "jwt", "AT+JWT", "at+jwt ", "", "application/at+jwt"] {
            forged.push(self.with_header("typ", json!(typ)));
        }
        let jwk = json!({ "kty": "OKP", "crv": "Ed25519", "x": public });
        for (name, value) in [
            ("jwk", jwk),
            ("jku", json!("https://example.com/keys")),
            ("x5u", json!("https://example.com/cert")),
            ("x5c", json!(["AAAA"])),
            ("x5t", json!("AAAA")),
            ("crit", json!(["exp"])),
            ("cty", json!("JWT")),
            ("zip", json!("DEF")),
            ("b64", json!(false)),
            ("kid", json!(7)),
            ("typ", json!(null)),
            ("more", json!({ "a": 1 })),
        ] {
            forged.push(self.with_header(name, value));
        }
        forged.extend(["alg", "typ", "kid"].map(|name| self.without("header", name)));
        forged
    }

    fn claims(&self) -> Vec<String> {
        let mut forged = Vec::new();
        for name in ["iss", "aud", "sub", "sid", "ver", "exp", "nbf", "iat", "jti"] {
            forged.push(self.without("claims", name));
            for value in [json!(null), json!({}), json!([]), json!(true), json!(""), json!(-1), json!("9999999999")] {
                forged.push(self.with_claim(name, value));
            }
        }
        let exp = self.claims["exp"].as_i64().expect("a number");
        for (name, value) in [
            ("exp", json!(exp.to_string())),
            ("exp", json!(exp as f64 + 0.5)),
            ("exp", json!(exp - 306)),
            ("exp", json!(exp + 3_600)),
            ("exp", json!(u64::MAX)),
            ("exp", json!(1_u64 << 63)),
            ("exp", json!(i64::MAX)),
            ("exp", json!(0)),
            ("nbf", json!(exp + 60)),
            ("nbf", json!(1_u64 << 63)),
            ("nbf", json!("now")),
            ("nbf", json!(1.5)),
            ("iat", json!(i64::MIN)),
            ("iss", json!("another house")),
            ("iss", json!(["storeroom"])),
            ("aud", json!("another house")),
            ("aud", json!(["storeroom"])),
            ("ver", json!(2)),
            ("ver", json!(0)),
            ("ver", json!("1")),
            ("sub", json!(model::PersonId::new())),
            ("sub", json!("' or 1 = 1 --")),
            ("sid", json!(model::SessionId::new())),
            ("admin", json!(true)),
        ] {
            forged.push(self.with_claim(name, value));
        }
        forged
    }

    fn shapes(&self) -> Vec<String> {
        let (header, claims) = (self.header.to_string(), self.claims.to_string());
        let deep = format!("{}{}", "[".repeat(1_400), "]".repeat(1_400));
        let twice = format!("{{\"exp\":0,{}", &claims[1..]);
        let mut forged = vec![
            self.sign_text(&header, &deep),
            self.sign_text(&deep, &claims),
            self.sign_text(&header, &twice),
            self.sign_text(&header, "null"),
            self.sign_text(&header, ""),
            self.sign_text("", ""),
            self.sign_text(&header, &format!("{claims} {claims}")),
            self.with_claim("jti", json!("x".repeat(1 << 20))),
            self.with_header("kid", json!("x".repeat(1 << 20))),
            format!("{}.{}", self.honest, "AAAA"),
            format!("{}=", self.honest),
            format!(" {}", self.honest),
            format!("{}\n", self.honest),
            self.honest.replace('.', ".."),
            self.honest.replace('-', "+").replace('_', "/") + "A",
            "..".to_owned(),
            ".".to_owned(),
            "a.b.c".to_owned(),
            "ü.ü.ü".to_owned(),
        ];
        forged.push(self.signed_with_the_public_key());
        forged.push(self.signed_by_a_stranger());
        forged
    }

    fn signed_with_the_public_key(&self) -> String {
        let mut header = self.header.clone();
        header["alg"] = json!("HS256");
        let message = format!("{}.{}", BASE64.encode(header.to_string()), BASE64.encode(self.claims.to_string()));
        let key = hmac::Key::new(hmac::HMAC_SHA256, self.pair.public_key().as_ref());
        format!("{message}.{}", BASE64.encode(hmac::sign(&key, message.as_bytes()).as_ref()))
    }

    fn signed_by_a_stranger(&self) -> String {
        let pair = Ed25519KeyPair::generate().expect("a key is made");
        let stranger = Self { pair, header: Value::Null, claims: Value::Null, honest: String::new() };
        stranger.sign(&self.header, &self.claims)
    }

    /// Every single bit turned, and every shorter length.
    fn damaged(&self) -> Vec<Vec<u8>> {
        let honest = self.honest.as_bytes();
        let mut damaged: Vec<_> = (0..honest.len()).map(|length| honest[..length].to_vec()).collect();
        for bit in 0..honest.len() * 8 {
            let mut token = honest.to_vec();
            token[bit / 8] ^= 1 << (bit % 8);
            damaged.push(token);
        }
        damaged
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_honest_token_is_taken_and_thousands_of_forged_ones_are_not() {
    db::test::on_each(async |db| {
        let shop = Shop::open(db).await;
        shop.person("ann", Role::Administrator, None).await;
        let access = shop.sign_in("ann").await.tokens.access;
        let forger = Forger::new(&shop, access.expose());
        // The forger can sign: what he says truly is taken, so what is refused below is refused for what it says.
        let copy = Secret::from(forger.sign(&forger.header, &forger.claims));
        identify(&shop.auth, Some(&copy), None).await.expect("an honest copy is taken");

        let mut forged = [forger.headers(), forger.claims(), forger.shapes()].concat();
        // What is not UTF-8 never becomes a cookie's text.
        forged.extend(forger.damaged().into_iter().filter_map(|token| String::from_utf8(token).ok()));
        assert!(forged.len() >= 2_000, "{} cases", forged.len());
        for token in &forged {
            let answer = shop.auth.identify(Some(token), None, None, via("x")).await;
            assert_eq!(answer.err(), Some(Error::SignedOut), "{}", &token[..token.len().min(600)]);
        }
        identify(&shop.auth, Some(&access), None).await.expect("and the honest one still is");
        shop.close().await;
    })
    .await;
}
