//! A TURN client that does just enough: allocate, bind one channel, send and receive on it.

use std::collections::VecDeque;
use std::net::SocketAddr;
use std::time::Duration;

use serde_json::Value;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpStream, UdpSocket};
use turn_server_proto::stun::types::attribute::{ErrorCode, Nonce, Realm, Username};
use turn_server_proto::stun::types::message::{
    IntegrityAlgorithm, LongTermCredentials, Message, MessageWriteExt as _, MessageWriteVec, Method,
};
use turn_server_proto::stun::types::prelude::MessageWrite as _;
use turn_server_proto::types::attribute::{
    ChannelNumber, RequestedTransport, XorPeerAddress, XorRelayedAddress,
};
use turn_server_proto::types::message::{ALLOCATE, CHANNEL_BIND};

const CHANNEL: u16 = 0x4001;

enum Line {
    Tcp(TcpStream),
    Udp(UdpSocket),
}

pub struct TurnClient {
    line: Line,
    user: LongTermCredentials,
    challenge: Option<(String, String)>,
    early: VecDeque<Vec<u8>>,
}

impl TurnClient {
    pub async fn connect(credential: &Value, transport: &str) -> Self {
        let text = |key: &str| credential[key].as_str().expect("a string").to_owned();
        let uri = credential["uris"][0].as_str().expect("a TURN URL");
        let host = uri.trim_start_matches("turn:").split('?').next().expect("a host");
        let line = if transport == "tcp" {
            Line::Tcp(TcpStream::connect(host).await.expect("TURN listens"))
        } else {
            let socket = UdpSocket::bind("127.0.0.1:0").await.expect("a port is free");
            socket.connect(host).await.expect("loopback is reachable");
            Line::Udp(socket)
        };
        let user = LongTermCredentials::new(text("username"), text("password"));
        Self {
            line,
            user,
            challenge: None,
            early: VecDeque::new(),
        }
    }

    pub async fn allocate(&mut self) -> SocketAddr {
        self.try_allocate().await.expect("the credentials are good")
    }

    /// The relayed address, or the error code of the second, authenticated try.
    pub async fn try_allocate(&mut self) -> Result<SocketAddr, u16> {
        let challenge = self.request(ALLOCATE, None).await;
        let challenge = Message::from_bytes(&challenge).expect("STUN");
        assert_eq!(
            challenge.attribute::<ErrorCode>().expect("a challenge").code(),
            401
        );
        let realm = challenge
            .attribute::<Realm>()
            .expect("a realm")
            .realm()
            .to_owned();
        let nonce = challenge
            .attribute::<Nonce>()
            .expect("a nonce")
            .nonce()
            .to_owned();
        self.challenge = Some((realm, nonce));
        let answer = self.request(ALLOCATE, None).await;
        let answer = Message::from_bytes(&answer).expect("STUN");
        match answer.attribute::<ErrorCode>() {
            Ok(error) => Err(error.code()),
            Err(_) => {
                let relayed = answer
                    .attribute::<XorRelayedAddress>()
                    .expect("a relayed address");
                Ok(relayed.addr(answer.transaction_id()))
            }
        }
    }

    pub async fn bind_channel(&mut self, peer: SocketAddr) {
        let answer = self.request(CHANNEL_BIND, Some(peer)).await;
        let answer = Message::from_bytes(&answer).expect("STUN");
        assert!(answer.attribute::<ErrorCode>().is_err(), "{answer}");
    }

    pub async fn send(&mut self, payload: &[u8]) {
        let mut message = CHANNEL.to_be_bytes().to_vec();
        message.extend_from_slice(&u16::try_from(payload.len()).expect("short").to_be_bytes());
        message.extend_from_slice(payload);
        if let Line::Tcp(_) = self.line {
            message.resize(message.len().next_multiple_of(4), 0);
        }
        self.write(&message).await;
    }

    pub async fn receive(&mut self) -> Vec<u8> {
        let message = match self.early.pop_front() {
            Some(message) => message,
            None => self.read().await,
        };
        assert_eq!(message[..2], CHANNEL.to_be_bytes());
        let length = usize::from(u16::from_be_bytes([message[2], message[3]]));
        message[4..4 + length].to_vec()
    }

    async fn request(&mut self, method: Method, peer: Option<SocketAddr>) -> Vec<u8> {
        let mut request = Message::builder_request(method, MessageWriteVec::new());
        let added = "the attribute fits";
        match peer {
            Some(peer) => {
                request.add_attribute(&ChannelNumber::new(CHANNEL)).expect(added);
                let transaction = request.transaction_id();
                request
                    .add_attribute(&XorPeerAddress::new(peer, transaction))
                    .expect(added);
            }
            None => request
                .add_attribute(&RequestedTransport::new(RequestedTransport::UDP))
                .expect(added),
        }
        if let Some((realm, nonce)) = &self.challenge {
            request
                .add_attribute(&Username::new(self.user.username()).expect("short"))
                .expect(added);
            request
                .add_attribute(&Realm::new(realm).expect("short"))
                .expect(added);
            request
                .add_attribute(&Nonce::new(nonce).expect("short"))
                .expect(added);
            let key = self.user.to_key(realm.clone()).into();
            request
                .add_message_integrity(&key, IntegrityAlgorithm::Sha1)
                .expect(added);
        }
        let request = request.finish();
        self.write(&request).await;
        loop {
            let message = self.read().await;
            if message[0] >> 6 == 0 {
                return message;
            }
            self.early.push_back(message);
        }
    }

    async fn write(&mut self, message: &[u8]) {
        match &mut self.line {
            Line::Tcp(stream) => stream.write_all(message).await.expect("TURN reads"),
            Line::Udp(socket) => drop(socket.send(message).await.expect("TURN reads")),
        }
    }

    async fn read(&mut self) -> Vec<u8> {
        let reading = async {
            match &mut self.line {
                Line::Tcp(stream) => {
                    let mut message = vec![0; 4];
                    stream.read_exact(&mut message).await.expect("TURN answers");
                    let body = usize::from(u16::from_be_bytes([message[2], message[3]]));
                    let rest = if message[0] >> 6 == 0 {
                        16 + body
                    } else {
                        body.next_multiple_of(4)
                    };
                    message.resize(4 + rest, 0);
                    stream.read_exact(&mut message[4..]).await.expect("TURN answers");
                    message
                }
                Line::Udp(socket) => {
                    let mut message = vec![0; 2048];
                    let length = socket.recv(&mut message).await.expect("TURN answers");
                    message.truncate(length);
                    message
                }
            }
        };
        tokio::time::timeout(Duration::from_secs(5), reading)
            .await
            .expect("TURN answers within 5 s")
    }
}
