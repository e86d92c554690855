use std::collections::HashMap;

/// What an entity's comments say.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Comments {
    /// Of the table.
    pub table: String,
    /// Of its columns, by name.
    pub fields: HashMap<String, String>,
}

/// Reads the comments on `Model` and its fields out of an entity's source: the compiler does not hand them on.
pub(super) fn read(source: &str) -> Comments {
    let mut comments = Comments::default();
    let mut pending: Vec<&str> = Vec::new();
    let mut inside = false;
    for line in source.lines() {
        let text = line.trim();
        if let Some(comment) = text.strip_prefix("///") {
            pending.push(comment.trim());
        } else if text.starts_with("pub struct Model ") {
            comments.table = pending.join(" ");
            inside = true;
            pending.clear();
        } else if inside && line == "}" {
            break;
        } else if !text.starts_with("#[") {
            let field = text.strip_prefix("pub ").and_then(|field| field.split_once(':'));
            if let Some((name, _)) = field.filter(|_| inside && !pending.is_empty()) {
                comments.fields.insert(name.to_owned(), pending.join(" "));
            }
            pending.clear();
        }
    }
    comments
}

#[cfg(test)]
mod tests {
    #[test]
    fn comments_are_those_of_the_row_and_its_fields() {
        let source = "/// Not this.\nuse a::b;\n\n/// A row\n/// of it.\n#[derive(Debug)]\npub struct Model {\n    /// The key.\n    \
                      #[sea_orm(primary_key)]\n    pub id: String,\n    pub name: String,\n    /// Why\n    /// not.\n    \
                      pub reason: Option<String>,\n}\n\n/// Another.\npub enum Kind {}\n";
        let comments = super::read(source);
        assert_eq!(comments.table, "A row of it.");
        let mut fields: Vec<_> = comments.fields.into_iter().collect();
        fields.sort();
        assert_eq!(fields, [("id".into(), "The key.".into()), ("reason".into(), "Why not.".into())]);
    }
}
