//! Parameters: a struct with `deny_unknown_fields`. A field that is a list may be given many times,
//! every other once.

use std::collections::BTreeMap;

use axum::extract::{FromRequestParts, Query};
use axum::http::request::Parts;
use serde::de::value::{Error as ValueError, MapDeserializer, SeqDeserializer};
use serde::de::{DeserializeOwned, Error, IntoDeserializer, Visitor};
use serde::{Deserializer, forward_to_deserialize_any};

use crate::problem::{Code, FieldError, Problem};

#[derive(Debug)]
pub struct Parameters<T>(pub T);

impl<T, S> FromRequestParts<S> for Parameters<T>
where
    T: DeserializeOwned,
    S: Send + Sync,
{
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _state: &S) -> Result<Self, Problem> {
        let Query(pairs) = Query::<Vec<(String, String)>>::try_from_uri(&parts.uri)
            .map_err(|_| Problem::new(Code::MalformedRequest).detail("the query string could not be read"))?;
        read(pairs).map(Self)
    }
}

/// Reads parameters.
///
/// # Errors
/// 422, naming the parameter as `?name`.
pub fn read<T: DeserializeOwned>(pairs: Vec<(String, String)>) -> Result<T, Problem> {
    let mut values: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for (name, value) in pairs {
        values.entry(name).or_default().push(value);
    }
    let named = values.into_iter().map(|(name, values)| (name, Values(values)));
    serde_path_to_error::deserialize(MapDeserializer::new(named)).map_err(|error| {
        let fault = FieldError::from_serde(error.path(), &error.inner().to_string());
        let name = fault.pointer.trim_start_matches('/').split('/').next().unwrap_or_default();
        Problem::new(Code::InvalidParameter).errors(vec![FieldError { pointer: format!("?{name}"), ..fault }])
    })
}

/// What was given under one name, as text.
struct Values(Vec<String>);

impl Values {
    fn one(self) -> Result<String, ValueError> {
        let mut values = self.0.into_iter();
        match (values.next(), values.next()) {
            (Some(value), None) => Ok(value),
            _ => Err(ValueError::custom("duplicate field: it may be given once")),
        }
    }

    fn number<N: std::str::FromStr>(self) -> Result<N, ValueError> {
        let text = self.one()?;
        text.parse().map_err(|_| ValueError::custom(format!("invalid type: {text:?}, expected a whole number")))
    }
}

impl IntoDeserializer<'_> for Values {
    type Deserializer = Self;

    fn into_deserializer(self) -> Self {
        self
    }
}

impl<'de> Deserializer<'de> for Values {
    type Error = ValueError;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, ValueError> {
        visitor.visit_string(self.one()?)
    }

    fn deserialize_bool<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, ValueError> {
        match self.one()?.as_str() {
            "true" => visitor.visit_bool(true),
            "false" => visitor.visit_bool(false),
            other => Err(ValueError::custom(format!("invalid type: {other:?}, expected true or false"))),
        }
    }

    fn deserialize_i64<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, ValueError> {
        visitor.visit_i64(self.number()?)
    }

    fn deserialize_u64<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, ValueError> {
        visitor.visit_u64(self.number()?)
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, ValueError> {
        visitor.visit_some(self)
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        _name: &'static str,
        visitor: V,
    ) -> Result<V::Value, ValueError> {
        visitor.visit_newtype_struct(self)
    }

    fn deserialize_seq<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, ValueError> {
        visitor.visit_seq(SeqDeserializer::new(self.0.into_iter()))
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _name: &'static str,
        _variants: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, ValueError> {
        visitor.visit_enum(self.one()?.into_deserializer())
    }

    forward_to_deserialize_any! {
        i8 i16 i32 i128 u8 u16 u32 u128 f32 f64 char str string bytes byte_buf unit unit_struct tuple tuple_struct
        map struct identifier ignored_any
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::extract::Whole;
    use serde::Deserialize;

    #[derive(Debug, PartialEq, Deserialize)]
    #[serde(rename_all = "snake_case")]
    enum Sort {
        Title,
        #[serde(rename = "-price")]
        PriceDescending,
    }

    #[derive(Debug, PartialEq, Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Search {
        query: Option<String>,
        #[serde(default)]
        category: Vec<String>,
        min_price: Option<i64>,
        in_stock: Option<bool>,
        sort: Option<Sort>,
        limit: Option<Whole<1, 100>>,
    }

    fn parse(query: &str) -> Result<Search, (String, &'static str)> {
        let pair = |pair: &str| pair.split_once('=').map(|(name, value)| (name.to_owned(), value.to_owned())).unwrap();
        read(query.split('&').filter(|part| !part.is_empty()).map(pair).collect()).map_err(|problem: Problem| {
            let body: serde_json::Value = serde_json::from_slice(&problem.body("r")).unwrap();
            assert_eq!(problem.entry().status, 422);
            let code = body["errors"][0]["code"].as_str().unwrap().to_owned();
            let code =
                ["unknown", "duplicate", "wrong_type", "out_of_range", "invalid"].into_iter().find(|c| **c == code);
            (body["errors"][0]["pointer"].as_str().unwrap().to_owned(), code.unwrap())
        })
    }

    #[test]
    fn reads_every_kind() {
        let search = parse("query=a&category=x&category=y&min_price=5&in_stock=true&sort=-price&limit=7").unwrap();
        assert_eq!(
            search,
            Search {
                query: Some("a".into()),
                category: vec!["x".into(), "y".into()],
                min_price: Some(5),
                in_stock: Some(true),
                sort: Some(Sort::PriceDescending),
                limit: Some(Whole(7)),
            }
        );
        assert!(parse("").is_ok());
    }

    #[test]
    fn names_the_parameter_at_fault() {
        for (query, parameter, code) in [
            ("colour=red", "?colour", "unknown"),
            ("query=a&query=b", "?query", "duplicate"),
            ("min_price=abc", "?min_price", "wrong_type"),
            ("in_stock=maybe", "?in_stock", "wrong_type"),
            ("sort=random", "?sort", "invalid"),
            ("limit=0", "?limit", "out_of_range"),
            ("limit=101", "?limit", "out_of_range"),
            ("limit=99999999999999999999", "?limit", "wrong_type"),
        ] {
            assert_eq!(parse(query).unwrap_err(), (parameter.to_owned(), code), "{query}");
        }
    }
}
