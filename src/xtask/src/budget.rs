//! How many bytes a first visit may cost.

use std::{fs, path::PathBuf};

use anyhow::{Context as _, bail};

use crate::{
    environment::Environment,
    node,
    process::Output,
    running_server::{RunningServer, ScratchDirectory},
    site,
};

/// WebAssembly and its JavaScript, in bytes after Brotli.
const SCRIPTS: u64 = 150_000;
/// The first page and its style sheet, in bytes after Brotli.
const PAGE: u64 = 40_000;

/// Measures the built site; over budget is an error, else a line to print.
pub(crate) fn check(environment: &Environment, output: &Output) -> anyhow::Result<String> {
    let scratch = ScratchDirectory::new(environment, "budget")?;
    let server = RunningServer::start(environment, &scratch.database(), "/healthz", output)?;
    let page = server.get("/")?;
    if page.status != 200 {
        bail!("the first page answered with {}", page.status);
    }
    let html = scratch.path().join("first-page.html");
    fs::write(&html, &page.body)?;
    server.stop()?;

    let files = site::files_below(&site::root(environment))?;
    let of_kind = |kinds: &[&str]| -> Vec<PathBuf> {
        files
            .iter()
            .filter(|file| {
                file.extension()
                    .is_some_and(|extension| kinds.iter().any(|kind| extension == *kind))
            })
            .cloned()
            .collect()
    };
    let wasm = total(environment, &of_kind(&["wasm"]))?;
    let js = total(environment, &of_kind(&["js"]))?;
    let css = total(environment, &of_kind(&["css"]))?;
    let html = total(environment, &[html])?;
    judge(&Sizes {
        wasm,
        js,
        css,
        html,
    })
}

fn total(environment: &Environment, files: &[PathBuf]) -> anyhow::Result<u64> {
    if files.is_empty() {
        return Err(anyhow::anyhow!("nothing to measure")).context("the site has no such file");
    }
    Ok(node::brotli_sizes(environment, files)?.into_iter().sum())
}

/// Bytes after Brotli.
struct Sizes {
    wasm: u64,
    js: u64,
    css: u64,
    html: u64,
}

fn judge(sizes: &Sizes) -> anyhow::Result<String> {
    let Sizes {
        wasm,
        js,
        css,
        html,
    } = sizes;
    let scripts = wasm + js;
    let page = css + html;
    let line = format!(
        "wasm {} + js {} = {} of {} kB; html {} + css {} = {} of {} kB",
        kilobytes(*wasm),
        kilobytes(*js),
        kilobytes(scripts),
        SCRIPTS / 1000,
        kilobytes(*html),
        kilobytes(*css),
        kilobytes(page),
        PAGE / 1000,
    );
    if scripts > SCRIPTS || page > PAGE {
        bail!("over budget after Brotli: {line}");
    }
    Ok(line)
}

fn kilobytes(bytes: u64) -> String {
    // Rounded up, so that what is over budget never looks within.
    let tenths = bytes.div_ceil(100);
    format!("{}.{}", tenths / 10, tenths % 10)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sizes(wasm: u64, html: u64) -> Sizes {
        Sizes {
            wasm,
            js: 5_000,
            css: 10_000,
            html,
        }
    }

    #[test]
    fn a_site_within_budget_is_described() {
        let line = judge(&sizes(145_000, 30_000)).expect("within budget");
        assert_eq!(
            line,
            "wasm 145.0 + js 5.0 = 150.0 of 150 kB; html 30.0 + css 10.0 = 40.0 of 40 kB"
        );
    }

    #[test]
    fn one_byte_too_many_fails() {
        let error = judge(&sizes(145_001, 1_000)).expect_err("over budget");
        assert!(error.to_string().contains("150.1 of 150 kB"), "{error}");
        assert!(judge(&sizes(1_000, 30_001)).is_err());
    }
}
