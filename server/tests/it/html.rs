//! Just enough HTML to read a page as a person and to send its forms as a
//! browser without scripts.

/// What a person reads: the text without tags, entities resolved, runs of white
/// space made one space.
pub(crate) fn text(html: &str) -> String {
    let mut text = String::new();
    let mut rest = html;
    while let Some((before, after)) = rest.split_once('<') {
        text.push_str(before);
        let skip_to = ["script", "style"]
            .into_iter()
            .find(|name| after.starts_with(name))
            .map(|name| format!("</{name}"));
        rest = match skip_to {
            Some(end) => after.split_once(&end).map_or("", |(_, rest)| rest),
            None => after,
        };
        rest = match rest.strip_prefix("!--") {
            Some(comment) => comment.split_once("-->").map_or("", |(_, rest)| rest),
            None => rest.split_once('>').map_or("", |(_, rest)| rest),
        };
    }
    text.push_str(rest);
    unescape(&text)
        .split_whitespace()
        .collect::<Vec<_>>()
        .join(" ")
}

/// The names and values that the form with this action would send.
pub(crate) fn form(html: &str, action: &str) -> Vec<(String, String)> {
    let form = tags(html)
        .find(|(tag, _)| {
            tag.starts_with("<form") && attribute(tag, "action").as_deref() == Some(action)
        })
        .unwrap_or_else(|| panic!("no form goes to {action}"))
        .1;
    let form = form.split_once("</form").expect("the form ends").0;
    let mut pairs = Vec::new();
    let mut select = None;
    for (tag, rest) in tags(form) {
        let name = attribute(tag, "name").filter(|name| !name.is_empty());
        let value = attribute(tag, "value");
        if tag.starts_with("<select") {
            select = name;
        } else if tag.starts_with("<option") {
            if let (Some(name), true) = (&select, has(tag, "selected")) {
                pairs.push((name.clone(), value.unwrap_or_default()));
            }
        } else if tag.starts_with("<textarea") {
            let inner = rest.split_once("</textarea").expect("it ends").0;
            // The first line break belongs to the tag.
            let inner = unescape(inner.strip_prefix('\n').unwrap_or(inner));
            pairs.extend(name.map(|name| (name, inner)));
        } else if tag.starts_with("<input") && !has(tag, "disabled") {
            let default = match attribute(tag, "type").as_deref() {
                Some("checkbox" | "radio") if !has(tag, "checked") => continue,
                Some("checkbox" | "radio") => "on",
                Some("submit" | "button" | "reset") => continue,
                _ => "",
            };
            pairs.extend(name.map(|name| (name, value.unwrap_or_else(|| default.to_owned()))));
        }
    }
    pairs
}

/// Every start tag with what follows it.
fn tags(html: &str) -> impl Iterator<Item = (&str, &str)> {
    html.match_indices('<').filter_map(|(start, _)| {
        let tag = &html[start..];
        let end = tag.find('>')?;
        tag[1..]
            .starts_with(|next: char| next.is_ascii_alphabetic())
            .then(|| (&tag[..end], &tag[end + 1..]))
    })
}

fn attribute(tag: &str, name: &str) -> Option<String> {
    let (_, rest) = tag.split_once(&format!(" {name}=\""))?;
    Some(unescape(rest.split_once('"')?.0))
}

fn has(tag: &str, name: &str) -> bool {
    tag.split([' ', '='])
        .any(|word| word.trim_end_matches('/') == name)
}

fn unescape(text: &str) -> String {
    text.replace("&lt;", "<")
        .replace("&gt;", ">")
        .replace("&quot;", "\"")
        .replace("&#x27;", "'")
        .replace("&#39;", "'")
        .replace("&amp;", "&")
}
