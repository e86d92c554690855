//! Salesforce's Data Export. Every test runs on files of the same form with made-up rows, and then on public ones where
//! `CRM_KPI_SALESFORCE_DIR` names their folder or they lie in `../shared/data/salesforce-export`.

use super::imported;
use crate::support::{Kind, on_every_database};
use chrono::{DateTime, Utc};
use crm_kpi::crm::opportunities::Status;
use crm_kpi::crm::{
    accounts, campaign_responses, campaigns, costs, leads, opportunities, opportunity_stages, orders, reps,
    service_cases,
};
use sea_orm::{DatabaseConnection, EntityTrait};
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

on_every_database!(the_files_of_a_data_export_are_loaded);

const ACCOUNT: &str = "Id,IsDeleted,MasterRecordId,Name,Type,ParentId,BillingStreet,BillingCity,BillingState,\
    BillingPostalCode,BillingCountry,BillingAddress,Phone,Fax,Website,Industry,AnnualRevenue,NumberOfEmployees,Description,\
    OwnerId,CreatedDate,CreatedById,LastModifiedDate,LastModifiedById,SystemModstamp,LastActivityDate";
const OPPORTUNITY: &str = "Id,IsDeleted,AccountId,Name,Description,StageName,Amount,Probability,CloseDate,Type,NextStep,\
    LeadSource,IsClosed,IsWon,ForecastCategory,ForecastCategoryName,CampaignId,HasOpportunityLineItem,Pricebook2Id,OwnerId,\
    CreatedDate,CreatedById,LastModifiedDate,LastModifiedById,SystemModstamp,LastActivityDate,FiscalQuarter,FiscalYear,Fiscal,\
    Product__c";
const CAMPAIGN: &str = "Id,IsDeleted,Name,ParentId,Type,Status,StartDate,EndDate,ExpectedRevenue,BudgetedCost,ActualCost,\
    ExpectedResponse,NumberSent,IsActive,Description,NumberOfLeads,NumberOfResponses,OwnerId,CreatedDate,CreatedById";
const MEMBER: &str = "Id,IsDeleted,CampaignId,LeadId,ContactId,Status,HasResponded,CreatedDate,CreatedById,LastModifiedDate,\
    FirstRespondedDate,Salutation,Name,FirstName,LastName,City,State,Country,Email,LeadSource,CompanyOrAccount,Type,\
    LeadOrContactId,LeadOrContactOwnerId";
const CASE: &str = "Id,IsDeleted,CaseNumber,ContactId,AccountId,Type,Status,Reason,Origin,Subject,Priority,Description,\
    IsClosed,ClosedDate,IsEscalated,OwnerId,IsClosedOnCreate,SlaStartDate,SlaExitDate,CreatedDate,CreatedById";

/// A file of an object: a byte order mark, every column, and in each row what is said of it.
fn file(header: &str, rows: &[&str]) -> String {
    let columns: Vec<String> = header.split(',').map(|column| column.trim().to_owned()).collect();
    let mut text = format!("\u{feff}{}\r\n", columns.join(","));
    for row in rows {
        let cells: BTreeMap<&str, &str> = row.split("; ").filter_map(|cell| cell.split_once('=')).collect();
        assert!(cells.keys().all(|column| columns.iter().any(|known| known == column)), "{row}");
        let cells: Vec<String> = columns
            .iter()
            .map(|column| {
                let cell = cells.get(column.as_str()).copied().unwrap_or_default();
                if cell.contains([',', '"']) { format!("\"{}\"", cell.replace('"', "\"\"")) } else { cell.to_owned() }
            })
            .collect();
        text.push_str(&format!("{}\r\n", cells.join(",")));
    }
    text
}

fn write_made_up(folder: &Path) {
    let write = |name: &str, text: String| std::fs::write(folder.join(name), text).unwrap();
    write(
        "Account.csv",
        file(
            ACCOUNT,
            &[
                "Id=001A; Name=Alder & Co; OwnerId=005A; BillingCountry=United States; BillingState=OR; NumberOfEmployees=57; CreatedDate=2024-01-22T14:49:34.000+0000; BillingAddress={\"city\":\"Salem\",\"state\":\"OR\"}",
                "Id=001B; Name=Birch, Ltd; OwnerId=005B; Industry=Finance; NumberOfEmployees=4028; CreatedDate=2024-01-22T14:49:34.000+0000",
                "Id=001C; Name=Alder Company; OwnerId=005A; IsDeleted=1; MasterRecordId=001A; CreatedDate=2024-01-22T14:49:34.000+0000",
                "Id=001D; Name=Dropped; OwnerId=005A; IsDeleted=1; CreatedDate=2024-01-22T14:49:34.000+0000",
            ],
        ),
    );
    write(
        "Opportunity.csv",
        file(
            OPPORTUNITY,
            &[
                "Id=006A; AccountId=001A; Name=Alder - Loans; StageName=Closed Won; Amount=1651993.36; Probability=100; CloseDate=2023-06-17; IsClosed=1; IsWon=1; OwnerId=005A; CreatedDate=2023-01-22T16:14:25.000+0000; Product__c=Business Loans; LeadSource=Web",
                "Id=006B; AccountId=001C; Name=Alder - Cards; StageName=Closed Won; Amount=1000.5; CloseDate=2023-12-31; IsClosed=1; IsWon=1; OwnerId=005B; CreatedDate=2023-12-31T23:14:25.000+0000; Product__c=Cards",
                "Id=006C; AccountId=001B; Name=Birch - Cards; StageName=Closed Lost; Amount=7.07; CloseDate=2023-12-01; IsClosed=1; OwnerId=005B; CreatedDate=2023-01-22T16:14:25.000+0000; Product__c=Cards",
                "Id=006D; AccountId=001B; Name=Birch - Loans; StageName=Proposal/Quote; Amount=12; CloseDate=2024-12-01; OwnerId=005B; CreatedDate=2024-01-22T16:14:25.000+0000; Product__c=Business Loans",
                "Id=006E; AccountId=001B; Name=Twice; StageName=Discovery; Amount=12; CloseDate=2024-12-01; OwnerId=005B; IsDeleted=1; CreatedDate=2024-01-22T16:14:25.000+0000",
            ],
        ),
    );
    write(
        "Campaign.csv",
        file(
            CAMPAIGN,
            &[
                "Id=701A; Name=Cards, June; Type=Email; Status=Completed; StartDate=2023-06-15; EndDate=2023-06-19; ActualCost=120.5; OwnerId=005C; CreatedDate=2024-01-23T02:35:01.000+0000",
                "Id=701B; Name=Loans; Type=event; Status=Planned; StartDate=2024-06-15; OwnerId=005C; CreatedDate=2024-01-23T02:35:01.000+0000",
            ],
        ),
    );
    write(
        "CampaignMember.csv",
        file(
            MEMBER,
            &[
                "Id=00vA; CampaignId=701A; LeadId=00QA; Status=Sent; CreatedDate=2024-01-23T02:46:47.000+0000; Name=Judith Diaz; Email=a@example.com; LeadSource=Cold Call; Type=Lead; LeadOrContactId=00QA; LeadOrContactOwnerId=005A",
                "Id=00vB; CampaignId=701B; LeadId=00QA; Status=Sent; CreatedDate=2024-01-22T02:46:47.000+0000; Name=Judith Diaz; Email=a@example.com; LeadSource=Cold Call; Type=Lead; LeadOrContactId=00QA; LeadOrContactOwnerId=005A",
                "Id=00vC; CampaignId=701A; ContactId=003A; Status=Responded; HasResponded=1; FirstRespondedDate=2023-06-18; CreatedDate=2024-01-23T02:46:47.000+0000; Name=Cheryl Estes; Type=Contact; LeadOrContactId=003A; LeadOrContactOwnerId=005A",
            ],
        ),
    );
    write(
        "Case.csv",
        file(
            CASE,
            &[
                "Id=500A; CaseNumber=00001014; Type=Transaction issue; Status=Closed; Origin=Web; IsClosed=1; ClosedDate=2024-01-23T13:26:08.000+0000; OwnerId=005A; CreatedDate=2024-01-23T13:26:08.000+0000",
                "Id=500B; CaseNumber=00001015; AccountId=001C; Type=Billing Inquiry; Status=open; OwnerId=005D; CreatedDate=2024-01-23T13:26:08.000+0000",
            ],
        ),
    );
}

/// The folder of the public files, where there is one. One that was named must have them.
fn public_folder() -> Option<PathBuf> {
    let there = |folder: &Path| folder.join("Opportunity.csv").is_file();
    if let Some(named) = std::env::var_os("CRM_KPI_SALESFORCE_DIR").map(PathBuf::from) {
        assert!(there(&named), "CRM_KPI_SALESFORCE_DIR: {} has no Opportunity.csv", named.display());
        return Some(named);
    }
    let beside = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/data/salesforce-export");
    there(&beside).then_some(beside)
}

/// The rows of a file, read by the columns' names.
fn rows(folder: &Path, name: &str) -> Vec<BTreeMap<String, String>> {
    let text = std::fs::read_to_string(folder.join(name)).unwrap();
    let mut reader = csv::Reader::from_reader(text.trim_start_matches('\u{feff}').as_bytes());
    reader.deserialize().collect::<Result<_, _>>().unwrap()
}

/// A written amount in cents.
fn cents(amount: &str) -> i64 {
    let (whole, fraction) = amount.split_once('.').unwrap_or((amount, ""));
    format!("{whole}{fraction:0<2}").parse().unwrap()
}

async fn the_files_of_a_data_export_are_loaded(kind: Kind) {
    let made_up = tempfile::tempdir().unwrap();
    write_made_up(made_up.path());
    let public = public_folder();
    for folder in [Some(made_up.path().to_owned()), public.clone()].into_iter().flatten() {
        let (database, summary) = imported(kind, "salesforce-export.toml", &folder).await;
        let db = &database.connection;
        let kept = |row: &BTreeMap<String, String>| row["IsDeleted"].is_empty();
        let merged: BTreeMap<String, String> = rows(&folder, "Account.csv")
            .into_iter()
            .filter(|row| !row["MasterRecordId"].is_empty())
            .map(|row| (row["Id"].clone(), row["MasterRecordId"].clone()))
            .collect();

        let expected: BTreeSet<_> = rows(&folder, "Account.csv")
            .into_iter()
            .filter(kept)
            .map(|row| (row["Id"].clone(), row["Name"].clone()))
            .collect();
        let found = accounts::Entity::find().all(db).await.unwrap();
        assert_eq!(found.into_iter().map(|row| (row.id, row.name)).collect::<BTreeSet<_>>(), expected);

        let mut owners = BTreeSet::new();
        for file in ["Account.csv", "Opportunity.csv", "Campaign.csv", "Case.csv"] {
            owners.extend(rows(&folder, file).into_iter().map(|row| row["OwnerId"].clone()));
        }
        owners.extend(rows(&folder, "CampaignMember.csv").into_iter().map(|row| row["LeadOrContactOwnerId"].clone()));
        let found = reps::Entity::find().all(db).await.unwrap();
        assert_eq!(found.into_iter().map(|row| row.id).collect::<BTreeSet<_>>(), owners);

        let deals: Vec<_> = rows(&folder, "Opportunity.csv").into_iter().filter(kept).collect();
        let mut expected = BTreeMap::new();
        for deal in &deals {
            let status = match (deal["IsClosed"].as_str(), deal["IsWon"].as_str()) {
                ("1", "1") => Status::Won,
                ("1", "") => Status::Lost,
                ("", "") => Status::Open,
                other => panic!("{other:?}"),
            };
            let account = merged.get(&deal["AccountId"]).unwrap_or(&deal["AccountId"]);
            let closed = (status != Status::Open).then(|| format!("{} 00:00:00", deal["CloseDate"]));
            expected.insert(deal["Id"].clone(), (status, cents(&deal["Amount"]), account.clone(), closed));
        }
        let found = opportunities::Entity::find().all(db).await.unwrap();
        let found: BTreeMap<_, _> = found
            .into_iter()
            .map(|deal| {
                let closed = deal.closed_at.map(|at| at.format("%Y-%m-%d %H:%M:%S").to_string());
                (deal.id, (deal.status, deal.amount_minor.unwrap(), deal.account_id.unwrap(), closed))
            })
            .collect();
        assert_eq!(found, expected);
        let won: i64 = expected.values().filter(|deal| deal.0 == Status::Won).map(|deal| deal.1).sum();
        let orders = orders::Entity::find().all(db).await.unwrap();
        assert_eq!(orders.iter().map(|order| order.amount_minor).sum::<i64>(), won);
        check_campaigns(db, &folder).await;
        check_cases(db, &folder, &merged).await;
        if public.as_ref() == Some(&folder) {
            let counts = ["accounts", "opportunities", "orders", "customer_tenures"].map(|table| summary.rows(table));
            assert_eq!((counts, won), PUBLIC);
        }
        let open = expected.values().filter(|deal| deal.0 == Status::Open).count();
        assert_eq!(opportunity_stages::Entity::find().all(db).await.unwrap().len(), open, "closed deals name no stage");
    }
}

async fn check_campaigns(db: &DatabaseConnection, folder: &Path) {
    let day = |at: Option<DateTime<Utc>>| at.map(|at| at.format("%Y-%m-%d").to_string()).unwrap_or_default();
    let expected = rows(folder, "Campaign.csv").into_iter().map(|row| {
        let channel = row["Type"].to_lowercase().replace(' ', "-");
        (row["Id"].clone(), row["Name"].clone(), channel, row["StartDate"].clone(), row["EndDate"].clone())
    });
    let found = campaigns::Entity::find()
        .all(db)
        .await
        .unwrap()
        .into_iter()
        .map(|row| (row.id, row.name, row.channel.unwrap_or_default(), day(row.starts_at), day(row.ends_at)));
    assert_eq!(found.collect::<BTreeSet<_>>(), expected.collect::<BTreeSet<_>>());
    let expected: i64 = rows(folder, "Campaign.csv").iter().map(|row| cents(&format!("0{}", row["ActualCost"]))).sum();
    let found = costs::Entity::find().all(db).await.unwrap();
    assert_eq!(found.iter().map(|cost| cost.amount_minor).sum::<i64>(), expected);

    let members = rows(folder, "CampaignMember.csv");
    let mut expected = BTreeMap::new();
    for member in members.iter().filter(|member| !member["LeadId"].is_empty()) {
        let first = || (member["CampaignId"].clone(), member["CreatedDate"].clone());
        let (_, created): &mut (String, String) = expected.entry(member["LeadId"].clone()).or_insert_with(first);
        *created = std::cmp::min(created.clone(), member["CreatedDate"].clone());
    }
    let found = leads::Entity::find().all(db).await.unwrap().into_iter().map(|lead| {
        let created = lead.created_at.format("%Y-%m-%dT%H:%M:%S.000+0000").to_string();
        (lead.id, (lead.campaign_id.unwrap(), created))
    });
    assert_eq!(found.collect::<BTreeMap<_, _>>(), expected);
    let responded = members.iter().filter(|member| member["HasResponded"] == "1").count();
    assert_eq!(campaign_responses::Entity::find().all(db).await.unwrap().len(), responded);
}

async fn check_cases(db: &DatabaseConnection, folder: &Path, merged: &BTreeMap<String, String>) {
    let expected = rows(folder, "Case.csv").into_iter().map(|row| {
        let account = merged.get(&row["AccountId"]).unwrap_or(&row["AccountId"]).clone();
        (row["Id"].clone(), account, row["ClosedDate"].clone())
    });
    let found = service_cases::Entity::find().all(db).await.unwrap().into_iter().map(|case| {
        let resolved = case.resolved_at.map(|at| at.format("%Y-%m-%dT%H:%M:%S.000+0000").to_string());
        (case.id, case.account_id.unwrap_or_default(), resolved.unwrap_or_default())
    });
    assert_eq!(found.collect::<BTreeSet<_>>(), expected.collect::<BTreeSet<_>>());
    let incidents = rows(folder, "Case.csv").iter().filter(|row| row["Type"] == "Transaction issue").count();
    let found = service_cases::Entity::find().all(db).await.unwrap();
    let found = found.iter().filter(|case| case.kind == Some(service_cases::Kind::Incident)).count();
    assert!(incidents > 0 && found >= incidents);
}

/// Rows of accounts, deals, orders and tenures, and what the orders come to, as `sqlite3` counts them in the public files.
const PUBLIC: ([usize; 4], i64) = ([22, 50, 12, 9], 1_054_256_298);
