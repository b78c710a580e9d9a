//! What chance does to JSON.

use proptest::{
    prelude::*,
    sample::{Index, select},
};
use serde_json::{Value, json};

/// One change somewhere in a document.
#[derive(Clone, Debug)]
pub(crate) enum Change {
    /// Something else instead.
    Put(Index, Value),
    /// Some value of another document instead.
    Take(Index, Index, Index),
    /// A member or an item less, where there is one.
    Remove(Index, Index),
    /// A member or an item more, where there may be one.
    Add(Index, String, Value),
}

/// Any small document, the odd ones mostly.
fn odd() -> impl Strategy<Value = Value> {
    let values = vec![
        Value::Null,
        json!(true),
        json!(false),
        json!(0),
        json!(-0.0),
        json!(-1),
        json!(1.5),
        json!(60),
        json!(i64::MIN),
        json!(u64::MAX),
        json!(f64::MAX),
        json!(""),
        json!(" "),
        json!("60"),
        json!("a"),
        json!("a b"),
        json!("\u{0}"),
        json!("\u{a0}\u{2003}"),
        json!("\u{202e}\u{200b}\u{1f600}"),
        json!("x".repeat(300)),
        json!("x".repeat(3000)),
        json!("https://a.test/#"),
        json!("https://a.test\\@b.test/"),
        json!("javascript:alert(1)"),
        json!([]),
        json!([[[[]]]]),
        json!(["a", "a"]),
        json!(vec![json!("s"); 300]),
        json!({}),
        json!({"": null}),
        json!({"a": {"a": {"a": {}}}}),
    ];
    prop_oneof![
        5 => select(values),
        1 => any::<String>().prop_map(Value::from),
        1 => any::<i64>().prop_map(Value::from),
        1 => any::<f64>().prop_map(Value::from),
    ]
}

impl Change {
    pub(crate) fn any() -> impl Strategy<Value = Self> {
        let place = any::<Index>;
        let name = prop_oneof![
            select(vec!["", "id", "sub", "__proto__", "\u{0}", "a.b"]).prop_map(str::to_owned),
            any::<String>(),
        ];
        prop_oneof![
            4 => (place(), odd()).prop_map(|(at, value)| Self::Put(at, value)),
            2 => (place(), place(), place())
                .prop_map(|(at, other, from)| Self::Take(at, other, from)),
            2 => (place(), place()).prop_map(|(at, which)| Self::Remove(at, which)),
            1 => (place(), name, odd()).prop_map(|(at, name, value)| Self::Add(at, name, value)),
        ]
    }

    fn change(&self, document: &mut Value, others: &[Value]) {
        let many = count(document);
        let at = |place: &Index| place.index(many);
        match self {
            Self::Put(place, value) => with(document, at(place), |own| own.clone_from(value)),
            Self::Take(place, other, from) => {
                let mut other = other.get(others).clone();
                let many = count(&other);
                let mut taken = Value::Null;
                with(&mut other, from.index(many), |value| taken = value.take());
                with(document, at(place), |own| *own = taken);
            }
            Self::Remove(place, which) => with(document, at(place), |own| match own {
                Value::Array(items) if !items.is_empty() => {
                    items.remove(which.index(items.len()));
                }
                Value::Object(members) if !members.is_empty() => {
                    let name = members.keys().nth(which.index(members.len())).cloned();
                    name.map(|name| members.remove(&name));
                }
                _ => {}
            }),
            Self::Add(place, name, value) => with(document, at(place), |own| match own {
                Value::Array(items) => items.push(value.clone()),
                Value::Object(members) => {
                    members.insert(name.clone(), value.clone());
                }
                _ => {}
            }),
        }
    }
}

/// How many values a document is made of, itself included.
fn count(document: &Value) -> usize {
    1 + match document {
        Value::Array(items) => items.iter().map(count).sum(),
        Value::Object(members) => members.values().map(count).sum(),
        _ => 0,
    }
}

/// Hands out the value with this number, counted as they stand there.
fn with(document: &mut Value, number: usize, change: impl FnOnce(&mut Value)) {
    fn find<'v>(value: &'v mut Value, left: &mut usize) -> Option<&'v mut Value> {
        if *left == 0 {
            return Some(value);
        }
        *left -= 1;
        match value {
            Value::Array(items) => items.iter_mut().find_map(|item| find(item, left)),
            Value::Object(members) => members.values_mut().find_map(|member| find(member, left)),
            _ => None,
        }
    }
    let mut left = number;
    if let Some(value) = find(document, &mut left) {
        change(value);
    }
}

/// The document after every change.
pub(crate) fn apply(mut document: Value, changes: &[Change], others: &[Value]) -> Value {
    for change in changes {
        change.change(&mut document, others);
    }
    document
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_value_of_a_document_can_be_reached() {
        let document = json!({"a": [1, {"b": 2}], "c": null});
        assert_eq!(count(&document), 6);
        let mut seen = Vec::new();
        for number in 0..7 {
            with(&mut document.clone(), number, |value| {
                seen.push(value.to_string());
            });
        }
        let expected = [
            r#"{"a":[1,{"b":2}],"c":null}"#,
            r#"[1,{"b":2}]"#,
            "1",
            r#"{"b":2}"#,
            "2",
            "null",
        ];
        assert_eq!(seen, expected);
    }
}
