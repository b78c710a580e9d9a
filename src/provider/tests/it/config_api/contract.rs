//! The OpenAPI document as a promise: what it does not say must not happen.

use crate::world::{Reply, World};
use http::Method;
use jsonschema::Validator;
use serde_json::{Value, json};
use std::{cell::RefCell, collections::HashMap, rc::Rc};

pub(super) struct Contract {
    pub(super) document: Value,
    /// By their schema: making one takes longer than asking it.
    validators: RefCell<HashMap<String, Rc<Validator>>>,
}

impl Contract {
    pub(super) async fn of(world: &World) -> Self {
        let reply = world.get(&world.path("config/openapi.json")).await;
        assert_eq!(reply.status.as_u16(), 200, "{}", reply.body);
        Self {
            document: reply.json(),
            validators: RefCell::default(),
        }
    }

    /// Every documented operation: path, method, and what is said of it.
    pub(super) fn operations(&self) -> impl Iterator<Item = (&str, Method, &Value)> {
        let paths = self.document["paths"].as_object().unwrap();
        paths.iter().flat_map(|(path, methods)| {
            let methods = methods.as_object().unwrap().iter();
            methods.map(move |(method, operation)| {
                let method = method.to_ascii_uppercase().parse().unwrap();
                (path.as_str(), method, operation)
            })
        })
    }

    /// Those that take an administrative token.
    pub(super) fn administrative(&self) -> impl Iterator<Item = (&str, Method, &Value)> {
        self.operations()
            .filter(|(_, _, operation)| operation["security"].is_null())
    }

    /// What is said of a call, if it is one of the documented.
    pub(super) fn operation(&self, method: &Method, rest: &str) -> Option<&Value> {
        // HEAD is GET without the body.
        let method = if method == Method::HEAD {
            &Method::GET
        } else {
            method
        };
        let literal = |path: &str| usize::from(!path.contains('{'));
        self.operations()
            .filter(|(path, own, _)| own == method && fits(path, rest))
            .max_by_key(|(path, _, _)| literal(path))
            .map(|(_, _, operation)| operation)
    }

    /// Holds a call and its answer against the document.
    pub(super) fn check(&self, method: &Method, rest: &str, sent: &str, reply: &Reply) {
        let Some(operation) = self.operation(method, rest) else {
            let status = reply.status.as_u16();
            assert!(
                matches!(status, 204 | 404 | 405),
                "{method} {rest}: {status}"
            );
            return;
        };
        let call = format!("{method} {rest}: {} {}", reply.status, reply.body);
        let response = &operation["responses"][reply.status.as_str()];
        assert!(response.is_object(), "{call} is not documented");
        let response = self.resolved(response);
        if let Some(headers) = response["headers"].as_object() {
            for name in headers.keys() {
                assert!(reply.header(name).is_some(), "{call} has no {name}");
            }
        }
        self.check_answer(method, response, reply, &call);
        if reply.status.is_success() {
            self.check_sent(operation, sent, &call);
        }
    }

    fn check_answer(&self, method: &Method, response: &Value, reply: &Reply, call: &str) {
        let schema = &response["content"]["application/json"]["schema"];
        if method == Method::HEAD || schema.is_null() {
            assert_eq!(reply.body, "", "{call}");
            return;
        }
        assert_eq!(
            reply.header("content-type"),
            Some("application/json"),
            "{call}"
        );
        self.check_schema(schema, &reply.json(), call);
    }

    /// What is taken is described.
    fn check_sent(&self, operation: &Value, sent: &str, call: &str) {
        let schema = &operation["requestBody"]["content"]["application/json"]["schema"];
        if !schema.is_null() {
            self.check_schema(schema, &serde_json::from_str(sent).unwrap(), call);
        }
    }

    fn check_schema(&self, schema: &Value, instance: &Value, call: &str) {
        if let Err(error) = self.validator(schema).validate(instance) {
            panic!("{call} is not as documented: {error}");
        }
    }

    pub(super) fn validator(&self, schema: &Value) -> Rc<Validator> {
        let mut validators = self.validators.borrow_mut();
        let validator = validators.entry(schema.to_string()).or_insert_with(|| {
            let components = &self.document["components"];
            let whole = json!({ "allOf": [schema], "components": components });
            Rc::new(jsonschema::draft202012::new(&whole).unwrap())
        });
        Rc::clone(validator)
    }

    fn resolved<'a>(&'a self, response: &'a Value) -> &'a Value {
        match response["$ref"].as_str() {
            None => response,
            Some(reference) => self
                .document
                .pointer(reference.trim_start_matches('#'))
                .unwrap(),
        }
    }
}

/// Whether a path is one of those a template stands for.
fn fits(template: &str, rest: &str) -> bool {
    let template = template.trim_start_matches('/').split('/');
    template.clone().count() == rest.split('/').count()
        && template
            .zip(rest.split('/'))
            .all(|(own, given)| own == given || own.starts_with('{'))
}
