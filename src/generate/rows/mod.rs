//! The rows of the tables, by area: each method takes a number from 0 and gives the rows that it stands for.

mod activity;
mod leads;
mod marketing;
mod people;
mod plans;
mod sales;
mod service;
mod subscriptions;
mod web;
