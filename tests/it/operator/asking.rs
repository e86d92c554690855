//! `crm-kpi query` and `values`, beside a service.

use super::command::{Said, run};
use crate::beside::{order, run as execute};
use crate::support::{Kind, TestDatabase, TestServer, on_every_database};

on_every_database!(what_is_asked_on_the_command_line_is_answered);

/// Ann and Ann sell 10.50 and 0.25 to two accounts, one of which has a comma in its id.
async fn what_is_asked_on_the_command_line_is_answered(kind: Kind) {
    let server = TestServer::start(TestDatabase::migrated(kind).await).await;
    let db = &server.database.connection;
    execute(db, "INSERT INTO reps (id, name) VALUES ('r1', 'Ann'), ('r2', 'Ann')").await;
    execute(db, "INSERT INTO accounts (id, name) VALUES ('a', 'Alpha'), ('s, j', 'Smith, Jones')").await;
    order(db, ("1", "r1"), 1050, "USD", "2024-01-10T00:00:00").await;
    order(db, ("2", "r2"), 25, "USD", "2024-02-10T00:00:00").await;
    execute(db, "UPDATE orders SET account_id = 's, j' WHERE id = '2'").await;
    let endpoint = format!("http://{}", server.running.address);
    let ask = async |line: &[&str]| -> Said { run(line, &[("CRM_KPI_ENDPOINT", &endpoint)]).await };
    let answer = async |line: &[&str]| {
        let said = ask(line).await;
        assert_eq!(said.code, Some(0), "{}", said.all());
        said.stdout
    };

    let sales = ["query", "total_sales", "average_sale_value", "--period", "2024-01-01..2024-02-29"];
    let csv = answer(&[&sales[..], &["--by", "rep", "--csv"]].concat()).await;
    let expected = [
        "row,rep,rep_label,first_date,last_date,total_sales (USD),average_sale_value (USD),average_sale_value.numerator,\
         average_sale_value.denominator",
        "group,r1,Ann,2024-01-01,2024-02-29,10.50,10.50,10.5,1",
        "group,r2,Ann,2024-01-01,2024-02-29,0.25,0.25,0.25,1",
        "total,,,2024-01-01,2024-02-29,10.75,5.38,10.75,2",
        "",
    ];
    assert_eq!(csv, expected.join("\n"));

    let table = answer(&[&sales[..], &["--by", "rep", "--standing"]].concat()).await;
    for part in ["Ann (r1)", "Ann (r2)", "Total sales: rank", "Average sale value: rank", "\n2 rows\n"] {
        assert!(table.contains(part), "{part}: {table}");
    }
    let one = answer(&[&sales[..], &["--by", "rep", "--filter", "account=\"s, j\""]].concat()).await;
    assert!(one.contains("0.25") && one.contains("\n1 row\n"), "{one}");

    // Everything is in the language that is asked for; figures are not.
    let of_average = ["query", "average_sale_value", "--period", "2024-01-01..2024-02-29", "--grain", "month"];
    let beside = ["--by", "rep", "--standing", "--targets", "--compare", "previous-year"];
    for (language, parts) in [
        ("ru", ["Период", "Итого", "Весь период", "изменение, %", "1 из 1", "в сравнении с", "\n4 строки\n", "10.50"]),
        ("fa", ["دوره", "جمع", "کل دوره", "تغییر %", "1 از 1", "در مقایسه با", "\n4 ردیف\n", "10.50"]),
    ] {
        let said = ask(&[&of_average[..], &beside, &["--language", language, "--filter", "rep!=r9"]].concat()).await;
        for part in parts {
            assert!(said.stdout.contains(part), "{part}: {}", said.all());
        }
        let said = said.all();
        for english in ["Period", "Total", "change", "rank", " of ", "rows", "warning", "no record"] {
            assert!(!said.contains(english), "{english}: {said}");
        }
    }

    let filtered = async |filter: &str| ask(&[&sales[..], &["--filter", filter]].concat()).await;
    let warned = filtered("account=alpha,b!").await;
    assert_eq!(warned.code, Some(0), "{}", warned.all());
    let near = "warning: no record has the account \"alpha\"; did you mean \"a\"?\n";
    let none = "warning: no record has the account \"b!\"; `crm-kpi values account` lists them\n";
    assert_eq!(warned.stderr, format!("{near}{none}"));
    assert_eq!(filtered("account!=a,").await.stderr, "");

    let values = answer(&["values", "account"]).await;
    assert!(values.contains("s, j") && values.contains("Smith, Jones") && values.ends_with("\n2 values\n"), "{values}");
    let found = answer(&["values", "account", "--search", "alph"]).await;
    assert!(found.contains("Alpha") && found.ends_with("\n1 value\n"), "{found}");
    let refused = ask(&["values", "acount"]).await;
    assert!(refused.code == Some(1) && refused.stderr.contains("\"account\""), "{}", refused.all());
}
