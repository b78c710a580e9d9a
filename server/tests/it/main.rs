//! The whole site: its router in memory, and its binary as a process.

mod demo;
mod html;
mod log;
mod pages;
mod process;
mod security;
mod site;
mod story;
