//! Rows that are found by what another file, or another column, says of them.

use super::{Case, complaints, deals};
use crate::support::{Kind, on_every_database};

on_every_database!(
    lines_of_other_files_are_joined,
    joins_that_find_nothing_are_told,
    rows_are_looked_up_by_any_column,
    lookups_by_any_column_find_stored_rows,
);

const JOIN: &str = r#"
[[accounts]]
file = "companies.csv"
columns = { id = "Key", name = "Name", country = "Country" }
[[opportunities]]
file = "deals.csv"
join = [
  { file = "contacts.csv", column = "Contact", by = "Id", as = "contact" },
  { file = "companies.csv", column = "contact.Company", by = "Name", as = "company" },
]
when = [{ column = "company.Country", none_of = ["FR"] }]
[opportunities.columns]
id = "Deal"
status = { text = "open" }
account_id = "company.Key"
name = { text = "{Deal} of {contact.Name}, {company.Country}" }
"#;

const FILES: [(&str, &str); 3] = [
    ("deals.csv", "Deal,Contact\n1,c1\n2,c2\n3,\n4,c3\n"),
    ("contacts.csv", "Id,Name,Company\nc1,Ann,Alpha\nc2,Bob,Beta\nc3,Cid,Gamma\n"),
    ("companies.csv", "Key,Name,Country\nk1,Alpha,DE\nk2,Beta,IR\nk3,Gamma,FR\n"),
];

async fn lines_of_other_files_are_joined(kind: Kind) {
    let case = Case::new(kind, JOIN, &FILES).await;
    case.import().await.unwrap();
    let deals: Vec<_> = deals(&case).await.into_iter().map(|deal| (deal.name.unwrap(), deal.account_id)).collect();
    assert_eq!(
        deals,
        [
            ("1 of Ann, DE".into(), Some("k1".into())),
            ("2 of Bob, IR".into(), Some("k2".into())),
            ("3 of ,".into(), None)
        ]
    );
}

async fn joins_that_find_nothing_are_told(kind: Kind) {
    let case = Case::new(kind, JOIN, &FILES).await;
    case.write("deals.csv", "Deal,Contact\n1,c9\n2,c2\n");
    case.write("companies.csv", "Key,Name,Country\nk1,Alpha,DE\nk2,Beta,IR\nk3,Beta,FR\n");
    assert_eq!(
        complaints(&case).await,
        [
            r#"deals.csv:2: column "Contact", value "c9": no line of contacts.csv has this Id"#,
            r#"deals.csv:3: column "contact.Company", value "Beta": several lines of companies.csv have this Name"#,
        ]
    );
    case.write("mapping.toml", JOIN.replace("as = \"contact\" }", "as = \"contact\", unknown = \"unset\" }"));
    assert_eq!(complaints(&case).await.len(), 1, "the contact may be unknown");
    for (from, to, expected) in [
        (
            "by = \"Id\"",
            "by = \"ID\"",
            "opportunities[1].join[1].by: contacts.csv has no column \"ID\": did you mean \"Id\"?",
        ),
        (
            "column = \"Contact\"",
            "column = \"Contct\"",
            "opportunities[1].join[1].column: deals.csv has no column \"Contct\"",
        ),
        (
            "as = \"company\"",
            "as = \"contact\"",
            "opportunities[1].join[2].as: there are columns that begin with \"contact.\" already",
        ),
        ("as = \"company\"", "as = \"a.b\"", "opportunities[1].join[2].as: must be a name without dots"),
        (
            "file = \"contacts.csv\"",
            "file = \"contact.csv\"",
            "opportunities[1].join[1].file: \"contact.csv\" not found in",
        ),
        (
            "\"company.Key\"",
            "\"company.Id\"",
            "opportunities[1].columns.account_id.column: deals.csv has no column \"company.Id\"",
        ),
    ] {
        case.write("mapping.toml", JOIN.replace(from, to));
        let said = complaints(&case).await;
        assert!(said.iter().any(|line| line.starts_with(expected)), "{expected}\n{said:#?}");
    }
}

const LOOKUP: &str = r#"
[[accounts]]
file = "companies.csv"
columns = { id = "Key", name = "Name", country = "Country" }
[[opportunities]]
file = "deals.csv"
[opportunities.columns]
id = "Deal"
status = { text = "open" }
account_id = { column = "Where", lookup = "accounts", lookup_by = "country", unknown = "unset" }
[[orders]]
file = "deals.csv"
[orders.columns]
id = "Deal"
account_id = { column = "Site", lookup = "accounts", lookup_by = "Domain" }
amount = { text = "1" }
currency = { text = "EUR" }
ordered_at = { text = "2024-01-01" }
"#;

async fn rows_are_looked_up_by_any_column(kind: Kind) {
    let files = [
        ("companies.csv", "Key,Name,Country,Domain\nk1,Alpha,DE,alpha.example\nk2,Beta,IR,beta.example\n"),
        ("deals.csv", "Deal,Where,Site\n1,IR,alpha.example\n2,DE,\n3,FR,beta.example\n"),
    ];
    let case = Case::new(kind, LOOKUP, &files).await;
    case.import().await.unwrap();
    let by_country: Vec<_> = deals(&case).await.into_iter().map(|deal| deal.account_id).collect();
    assert_eq!(by_country, [Some("k2".into()), Some("k1".into()), None]);
    let by_domain: Vec<_> = super::orders(&case).await.into_iter().map(|order| order.account_id).collect();
    assert_eq!(by_domain, [Some("k1".into()), None, Some("k2".into())]);

    case.write("deals.csv", "Deal,Where,Site\n1,IR,alpha.exmple\n");
    assert_eq!(
        complaints(&case).await,
        [
            r#"deals.csv:2: column "Site", value "alpha.exmple": no row of accounts has this Domain: did you mean "alpha.example"?"#
        ]
    );
    case.write("companies.csv", "Key,Name,Country,Domain\nk1,Alpha,IR,a\nk2,Beta,IR,b\n");
    case.write("deals.csv", "Deal,Where,Site\n1,IR,a\n");
    assert_eq!(
        complaints(&case).await,
        [
            r#"deals.csv:2: column "Where", value "IR": 2 rows of accounts have this country (k1, k2): look them up by id"#
        ]
    );
    case.write("mapping.toml", LOOKUP.replace("\"Domain\"", "\"Domin\""));
    assert_eq!(
        complaints(&case).await,
        [
            "orders[1].columns.account_id.lookup_by: accounts have no field or column \"Domin\": did you mean \"Domain\"?"
        ]
    );
}

async fn lookups_by_any_column_find_stored_rows(kind: Kind) {
    let files = [
        ("companies.csv", "Key,Name,Country,Domain\nk1,Alpha,DE,a\nk2,Beta,IR,b\n"),
        ("deals.csv", "Deal,Where,Site\n"),
    ];
    let case = Case::new(kind, LOOKUP, &files).await;
    case.import().await.unwrap();
    case.write("companies.csv", "Key,Name,Country,Domain\nk1,Alpha,FR,a\n");
    case.write("deals.csv", "Deal,Where,Site\n1,IR,a\n2,DE,a\n3,FR,a\n");
    case.import().await.unwrap();
    let found: Vec<_> = deals(&case).await.into_iter().map(|deal| deal.account_id).collect();
    assert_eq!(found, [Some("k2".into()), None, Some("k1".into())], "Beta is stored, Alpha has moved");
}
