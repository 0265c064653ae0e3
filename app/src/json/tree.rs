//! Reading a type from JSON's tree.
//!
//! `serde_json` does it too, and for each type serde compiles for it the reading of fields in any order, by name, and of a
//! list of values. Here a struct asks for its fields in its own order, so the list is all that is left of it. A field
//! that may be missing says so (`#[serde(default)]`), an `Option` too.

use serde::de::{
    DeserializeSeed, Deserializer, EnumAccess, Error, Expected, MapAccess, SeqAccess, Unexpected, VariantAccess,
    Visitor,
};
use serde_json::{Map, Number, Value, map};
use std::{fmt, slice, vec};

/// What was read is JSON and means something else. Behind a pointer, because every reading hands it on.
#[derive(Debug)]
pub struct Misread(Box<Why>);

#[derive(Debug)]
struct Why(String);

impl fmt::Display for Misread {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&self.0.0)
    }
}

impl std::error::Error for Misread {}

impl Error for Misread {
    fn custom<T: fmt::Display>(message: T) -> Self {
        Self(Box::new(Why(message.to_string())))
    }

    fn invalid_type(_: Unexpected<'_>, expected: &dyn Expected) -> Self {
        Self::custom(format_args!("this is not {expected}"))
    }

    fn invalid_value(_: Unexpected<'_>, expected: &dyn Expected) -> Self {
        Self::custom(format_args!("this is not {expected}"))
    }

    fn invalid_length(_: usize, expected: &dyn Expected) -> Self {
        Self::custom(format_args!("this is not {expected}"))
    }
}

/// A value that is to be read.
pub struct Tree(pub Value);

/// What a value is not.
fn not<'de, V: Visitor<'de>>(visitor: &V) -> Misread {
    Misread::invalid_type(Unexpected::Unit, visitor)
}

fn number<'de, V: Visitor<'de>>(number: &Number, visitor: V) -> Result<V::Value, Misread> {
    if let Some(whole) = number.as_u64() {
        visitor.visit_u64(whole)
    } else if let Some(whole) = number.as_i64() {
        visitor.visit_i64(whole)
    } else {
        visitor.visit_f64(number.as_f64().unwrap_or(f64::NAN))
    }
}

macro_rules! numbers {
    ($($method:ident)*) => {
        $(fn $method<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Misread> {
            match &self.0 {
                Value::Number(known) => number(known, visitor),
                _ => Err(not(&visitor)),
            }
        })*
    };
}

macro_rules! forward {
    ($($method:ident($($argument:ty),*) => $to:ident)*) => {
        $(fn $method<V: Visitor<'de>>(self, $(_: $argument,)* visitor: V) -> Result<V::Value, Misread> {
            self.$to(visitor)
        })*
    };
}

impl<'de> Deserializer<'de> for Tree {
    type Error = Misread;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Misread> {
        match self.0 {
            Value::Null => visitor.visit_unit(),
            Value::Bool(flag) => visitor.visit_bool(flag),
            Value::Number(known) => number(&known, visitor),
            Value::String(text) => visitor.visit_string(text),
            Value::Array(values) => visitor.visit_seq(Values(values.into_iter())),
            Value::Object(fields) => visitor.visit_map(Fields::of(fields)),
        }
    }

    fn deserialize_bool<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Misread> {
        match self.0 {
            Value::Bool(flag) => visitor.visit_bool(flag),
            _ => Err(not(&visitor)),
        }
    }

    numbers! {
        deserialize_i8 deserialize_i16 deserialize_i32 deserialize_i64
        deserialize_u8 deserialize_u16 deserialize_u32 deserialize_u64 deserialize_f32 deserialize_f64
    }

    fn deserialize_string<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Misread> {
        match self.0 {
            Value::String(text) => visitor.visit_string(text),
            _ => Err(not(&visitor)),
        }
    }

    fn deserialize_identifier<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Misread> {
        match &self.0 {
            Value::String(text) => visitor.visit_str(text),
            _ => Err(not(&visitor)),
        }
    }

    fn deserialize_unit<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Misread> {
        match self.0 {
            Value::Null => visitor.visit_unit(),
            _ => Err(not(&visitor)),
        }
    }

    fn deserialize_ignored_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Misread> {
        visitor.visit_unit()
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Misread> {
        match self.0 {
            Value::Null => visitor.visit_none(),
            _ => visitor.visit_some(self),
        }
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(self, _: &'static str, visitor: V) -> Result<V::Value, Misread> {
        visitor.visit_newtype_struct(self)
    }

    fn deserialize_seq<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Misread> {
        match self.0 {
            Value::Array(values) => visitor.visit_seq(Values(values.into_iter())),
            _ => Err(not(&visitor)),
        }
    }

    fn deserialize_map<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Misread> {
        match self.0 {
            Value::Object(fields) => visitor.visit_map(Fields::of(fields)),
            _ => Err(not(&visitor)),
        }
    }

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        names: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Misread> {
        match self.0 {
            Value::Object(fields) => visitor.visit_seq(Struct { fields, names: names.iter() }),
            _ => Err(not(&visitor)),
        }
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Misread> {
        let named = match self.0 {
            Value::String(name) => Some((name, Value::Null)),
            Value::Object(fields) if fields.len() == 1 => fields.into_iter().next(),
            _ => None,
        };
        match named {
            Some((name, content)) => visitor.visit_enum(Variant { name, content }),
            None => Err(not(&visitor)),
        }
    }

    forward! {
        deserialize_str() => deserialize_string
        deserialize_char() => deserialize_string
        deserialize_bytes() => deserialize_any
        deserialize_byte_buf() => deserialize_any
        deserialize_unit_struct(&'static str) => deserialize_unit
        deserialize_tuple(usize) => deserialize_seq
        deserialize_tuple_struct(&'static str, usize) => deserialize_seq
    }
}

/// The values of a list, one after the other.
struct Values(vec::IntoIter<Value>);

impl<'de> SeqAccess<'de> for Values {
    type Error = Misread;

    fn next_element_seed<T: DeserializeSeed<'de>>(&mut self, seed: T) -> Result<Option<T::Value>, Misread> {
        self.0.next().map(|value| seed.deserialize(Tree(value))).transpose()
    }

    fn size_hint(&self) -> Option<usize> {
        Some(self.0.len())
    }
}

/// The fields of a struct, in the order in which it names them.
struct Struct {
    fields: Map<String, Value>,
    names: slice::Iter<'static, &'static str>,
}

impl Struct {
    fn next(&mut self) -> Option<Value> {
        self.fields.remove(*self.names.next()?)
    }
}

impl<'de> SeqAccess<'de> for Struct {
    type Error = Misread;

    fn next_element_seed<T: DeserializeSeed<'de>>(&mut self, seed: T) -> Result<Option<T::Value>, Misread> {
        // A field that is not there: serde takes its default, and refuses the whole when it has none.
        self.next().map(|value| seed.deserialize(Tree(value))).transpose()
    }
}

/// The fields of an object, one after the other.
struct Fields {
    rest: map::IntoIter,
    /// What belongs to the name that was read last.
    value: Value,
}

impl Fields {
    fn of(fields: Map<String, Value>) -> Self {
        Self { rest: fields.into_iter(), value: Value::Null }
    }
}

impl<'de> MapAccess<'de> for Fields {
    type Error = Misread;

    fn next_key_seed<K: DeserializeSeed<'de>>(&mut self, seed: K) -> Result<Option<K::Value>, Misread> {
        let Some((name, value)) = self.rest.next() else { return Ok(None) };
        self.value = value;
        seed.deserialize(Tree(Value::String(name))).map(Some)
    }

    fn next_value_seed<T: DeserializeSeed<'de>>(&mut self, seed: T) -> Result<T::Value, Misread> {
        seed.deserialize(Tree(self.value.take()))
    }
}

/// One of several, by its name.
struct Variant {
    name: String,
    content: Value,
}

impl<'de> EnumAccess<'de> for Variant {
    type Error = Misread;
    type Variant = Tree;

    fn variant_seed<T: DeserializeSeed<'de>>(self, seed: T) -> Result<(T::Value, Tree), Misread> {
        Ok((seed.deserialize(Tree(Value::String(self.name)))?, Tree(self.content)))
    }
}

impl<'de> VariantAccess<'de> for Tree {
    type Error = Misread;

    fn unit_variant(self) -> Result<(), Misread> {
        if self.0.is_null() { Ok(()) } else { Err(Misread::custom("this stands for itself")) }
    }

    fn newtype_variant_seed<T: DeserializeSeed<'de>>(self, seed: T) -> Result<T::Value, Misread> {
        seed.deserialize(self)
    }

    fn tuple_variant<V: Visitor<'de>>(self, _: usize, visitor: V) -> Result<V::Value, Misread> {
        self.deserialize_seq(visitor)
    }

    fn struct_variant<V: Visitor<'de>>(self, names: &'static [&'static str], visitor: V) -> Result<V::Value, Misread> {
        self.deserialize_struct("", names, visitor)
    }
}
