//! The production configurations under the real web servers, on loopback and with TLS: what they promise, exact to the
//! header. Each needs its server and openssl; says so and stops where they are missing.
#![cfg(unix)]

mod apache;
mod caddy;
mod nginx;
mod promises;
mod running;
mod tls;
#[path = "../embedded/turn_client.rs"]
mod turn_client;
mod turn_credentials;
