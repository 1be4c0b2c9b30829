//! A TURN server for loopback, on the sans-IO `turn-server-proto`, over TCP and UDP on one port number.
//!
//! One task owns the protocol and hears everything through one channel; every socket has a task that only
//! reads and hands on. So nothing is ever abandoned half-read, which is how other servers lose media.

use std::collections::HashMap;
use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::tcp::{OwnedReadHalf, OwnedWriteHalf};
use tokio::net::{TcpListener, TcpStream, UdpSocket};
use tokio::sync::mpsc;
use tokio::task::{AbortHandle, JoinSet};
use turn_server_proto::api::{
    DelayedMessageOrChannelSend, SocketAllocateError, TcpConnectError, Transmit, TurnServerApi as _,
    TurnServerPollRet,
};
use turn_server_proto::server::TurnServer;
use turn_server_proto::stun::Instant;
use turn_server_proto::types::transmit::TransmitBuild;
use turn_server_proto::types::{AddressFamily, TransportType};

use super::framing;

/// The realm of the credentials.
const REALM: &str = "clearline.localhost";
/// The largest datagram.
const DATAGRAM: usize = 65_536;
/// Messages that may wait for the protocol task, from all sockets together.
const INBOX: usize = 1024;
/// Messages that may wait for one TCP client before the newest is dropped, as a full real server would.
const OUTBOX: usize = 512;

/// A running TURN server; ends when the task that runs [`TurnSockets::serve`] ends.
pub(super) struct TurnSockets {
    tcp: TcpListener,
    udp: Arc<UdpSocket>,
    address: SocketAddr,
}

/// A way to let one more user in.
#[derive(Clone)]
pub(super) struct Users(mpsc::Sender<Event>);

impl Users {
    /// Accepts a user name with this password until `lifetime` is over.
    pub(super) async fn allow(&self, username: &str, password: &str, lifetime: Duration) {
        let user = |password: &str| Event::User {
            name: username.into(),
            password: password.into(),
        };
        if self.0.send(user(password)).await.is_err() {
            return;
        }
        // The protocol library forgets no user: an expired one gets a password that nobody knows.
        let (events, expired) = (self.0.clone(), user(&unguessable()));
        tokio::spawn(async move {
            tokio::select! {
                () = tokio::time::sleep(lifetime) => { let _ = events.send(expired).await; }
                () = events.closed() => {}
            }
        });
    }
}

enum Event {
    User {
        name: String,
        password: String,
    },
    Connected {
        client: SocketAddr,
        outbox: mpsc::Sender<Vec<u8>>,
    },
    Received {
        transport: TransportType,
        from: SocketAddr,
        to: SocketAddr,
        data: Vec<u8>,
    },
    Disconnected {
        client: SocketAddr,
    },
}

impl TurnSockets {
    /// Binds 127.0.0.1 on TCP and UDP, the same port on both; a free one unless `port` says which.
    ///
    /// # Errors
    /// The named port is taken, or no port is free on both.
    pub(super) async fn bind(port: Option<u16>) -> io::Result<Self> {
        let mut last = None;
        for _ in 0..16 {
            let tcp = TcpListener::bind((Ipv4Addr::LOCALHOST, port.unwrap_or(0))).await?;
            let address = tcp.local_addr()?;
            match UdpSocket::bind(address).await {
                Ok(udp) => {
                    return Ok(Self {
                        tcp,
                        udp: Arc::new(udp),
                        address,
                    });
                }
                Err(error) if port.is_some() => return Err(error),
                Err(error) => last = Some(error),
            }
        }
        Err(last.unwrap_or_else(|| io::Error::other("no port is free on TCP and UDP")))
    }

    /// The port, the same on TCP and UDP.
    pub(super) fn port(&self) -> u16 {
        self.address.port()
    }

    /// The server's work as a future, and the way to let users in. Dropping the future ends everything.
    pub(super) fn serve(self) -> (impl Future<Output = ()> + Send, Users) {
        let (events, inbox) = mpsc::channel(INBOX);
        let users = Users(events.clone());
        (run(self, events, inbox), users)
    }
}

async fn run(sockets: TurnSockets, events: mpsc::Sender<Event>, mut inbox: mpsc::Receiver<Event>) {
    let mut tasks = JoinSet::new();
    tasks.spawn(accept(sockets.tcp, events.clone()));
    tasks.spawn(receive(sockets.udp.clone(), sockets.address, events.clone()));
    let server = |transport| TurnServer::new(transport, sockets.address, REALM.into());
    let mut relay = Relay {
        epoch: std::time::Instant::now(),
        address: sockets.address,
        tcp: server(TransportType::Tcp),
        udp: server(TransportType::Udp),
        udp_socket: sockets.udp,
        clients: HashMap::new(),
        relays: HashMap::new(),
        events,
        tasks,
    };
    loop {
        let wait = relay.settle().await;
        tokio::select! {
            event = inbox.recv() => match event {
                Some(event) => relay.handle(event).await,
                None => return,
            },
            () = tokio::time::sleep(wait) => {}
        }
    }
}

/// The protocol, both transports of it, and the sockets that it asked for.
struct Relay {
    epoch: std::time::Instant,
    address: SocketAddr,
    tcp: TurnServer,
    udp: TurnServer,
    udp_socket: Arc<UdpSocket>,
    clients: HashMap<SocketAddr, mpsc::Sender<Vec<u8>>>,
    relays: HashMap<SocketAddr, (Arc<UdpSocket>, AbortHandle)>,
    events: mpsc::Sender<Event>,
    tasks: JoinSet<()>,
}

impl Relay {
    async fn handle(&mut self, event: Event) {
        match event {
            Event::User { name, password } => {
                self.tcp.add_user(name.clone(), password.clone());
                self.udp.add_user(name, password);
            }
            Event::Connected { client, outbox } => {
                self.clients.insert(client, outbox);
            }
            Event::Received {
                transport,
                from,
                to,
                data,
            } => self.receive(transport, from, to, data).await,
            Event::Disconnected { client } => {
                self.clients.remove(&client);
                self.receive(TransportType::Tcp, client, self.address, Vec::new())
                    .await;
            }
        }
    }

    async fn receive(&mut self, transport: TransportType, from: SocketAddr, to: SocketAddr, data: Vec<u8>) {
        let now = Instant::from_std(self.epoch);
        // A datagram at a relayed address belongs to whichever server allocated it; the other knows nothing.
        let at_a_relay = to != self.address;
        let answer = [&mut self.tcp, &mut self.udp]
            .into_iter()
            .filter(|server| at_a_relay || server.transport() == transport)
            .find_map(|server| {
                server
                    .recv(Transmit::new(data.clone(), transport, from, to), now)
                    .map(build)
            });
        if let Some(answer) = answer {
            self.send(answer).await;
        }
    }

    /// Does what the protocol asks for until it only wants to wait; says how long.
    async fn settle(&mut self) -> Duration {
        let mut wait = Duration::from_secs(60);
        for transport in [TransportType::Tcp, TransportType::Udp] {
            loop {
                let now = Instant::from_std(self.epoch);
                match self.server(transport).poll(now) {
                    TurnServerPollRet::WaitUntil(then) => {
                        wait = wait
                            .min(then.saturating_duration_since(now))
                            .max(Duration::from_millis(1));
                        break;
                    }
                    asked => self.obey(transport, asked, now).await,
                }
            }
            while let Some(message) = {
                let now = Instant::from_std(self.epoch);
                self.server(transport).poll_transmit(now)
            } {
                self.send(message).await;
            }
        }
        wait
    }

    async fn obey(&mut self, transport: TransportType, asked: TurnServerPollRet, now: Instant) {
        match asked {
            TurnServerPollRet::AllocateSocket {
                transport: client_transport,
                listen_addr,
                client_addr,
                allocation_transport,
                family,
            } => {
                let relayed = match (allocation_transport, family) {
                    (TransportType::Udp, AddressFamily::IPV4) => self.allocate().await,
                    (TransportType::Udp, _) => Err(SocketAllocateError::AddressFamilyNotSupported),
                    (TransportType::Tcp, _) => Err(SocketAllocateError::InsufficientCapacity),
                };
                self.server(transport).allocated_socket(
                    client_transport,
                    listen_addr,
                    client_addr,
                    allocation_transport,
                    family,
                    relayed,
                    now,
                );
            }
            TurnServerPollRet::TcpConnect {
                relayed_addr,
                peer_addr,
                listen_addr,
                client_addr,
            } => {
                let refused = Err(TcpConnectError::Forbidden);
                self.server(transport).tcp_connected(
                    relayed_addr,
                    peer_addr,
                    listen_addr,
                    client_addr,
                    refused,
                    now,
                );
            }
            TurnServerPollRet::TcpClose { remote_addr, .. } => {
                self.clients.remove(&remote_addr);
            }
            TurnServerPollRet::SocketClose { listen_addr, .. } => {
                if let Some((_, reader)) = self.relays.remove(&listen_addr) {
                    reader.abort();
                }
                while self.tasks.try_join_next().is_some() {}
            }
            TurnServerPollRet::WaitUntil(_) => {}
        }
    }

    async fn allocate(&mut self) -> Result<SocketAddr, SocketAllocateError> {
        let socket = UdpSocket::bind((Ipv4Addr::LOCALHOST, 0)).await;
        let (Ok(socket), true) = (socket, self.relays.len() < 1000) else {
            return Err(SocketAllocateError::InsufficientCapacity);
        };
        let relayed = socket
            .local_addr()
            .map_err(|_| SocketAllocateError::InsufficientCapacity)?;
        let socket = Arc::new(socket);
        let reader = self
            .tasks
            .spawn(receive(socket.clone(), relayed, self.events.clone()));
        self.relays.insert(relayed, (socket, reader));
        Ok(relayed)
    }

    /// Sends to a client or to a peer. Like any relay it drops what cannot be sent.
    async fn send(&mut self, message: Transmit<Vec<u8>>) {
        let Transmit {
            data,
            transport,
            from,
            to,
        } = message;
        match transport {
            TransportType::Tcp => {
                if let Some(outbox) = self.clients.get(&to) {
                    let _ = outbox.try_send(framing::pad(data));
                }
            }
            TransportType::Udp if from == self.address => {
                let _ = self.udp_socket.send_to(&data, to).await;
            }
            TransportType::Udp => {
                if let Some((socket, _)) = self.relays.get(&from) {
                    let _ = socket.send_to(&data, to).await;
                }
            }
        }
    }

    fn server(&mut self, transport: TransportType) -> &mut TurnServer {
        match transport {
            TransportType::Tcp => &mut self.tcp,
            TransportType::Udp => &mut self.udp,
        }
    }
}

async fn accept(listener: TcpListener, events: mpsc::Sender<Event>) {
    let mut connections = JoinSet::new();
    loop {
        tokio::select! {
            accepted = listener.accept() => if let Ok((stream, client)) = accepted {
                connections.spawn(converse(stream, client, events.clone()));
            },
            Some(_) = connections.join_next() => {}
        }
    }
}

async fn converse(stream: TcpStream, client: SocketAddr, events: mpsc::Sender<Event>) {
    let (Ok(to), Ok(())) = (stream.local_addr(), stream.set_nodelay(true)) else {
        return;
    };
    let (reading, writing) = stream.into_split();
    let (outbox, outgoing) = mpsc::channel(OUTBOX);
    if events.send(Event::Connected { client, outbox }).await.is_err() {
        return;
    }
    // Each half runs to its own end, never interrupted in the middle of a message; the reader's end is the
    // client's end, and the writer ends when the protocol lets go of the outbox.
    let hand_on = async {
        read_messages(reading, client, to, &events).await;
        let _ = events.send(Event::Disconnected { client }).await;
    };
    tokio::join!(hand_on, write_messages(writing, outgoing));
}

async fn read_messages(
    mut reading: OwnedReadHalf,
    from: SocketAddr,
    to: SocketAddr,
    events: &mpsc::Sender<Event>,
) {
    let mut stream = Vec::with_capacity(DATAGRAM);
    while let Ok(1..) = reading.read_buf(&mut stream).await {
        loop {
            match framing::take_message(&mut stream) {
                Ok(Some(data)) => {
                    let received = Event::Received {
                        transport: TransportType::Tcp,
                        from,
                        to,
                        data,
                    };
                    if events.send(received).await.is_err() {
                        return;
                    }
                }
                Ok(None) => break,
                Err(framing::NotTurn) => return,
            }
        }
    }
}

async fn write_messages(mut writing: OwnedWriteHalf, mut outgoing: mpsc::Receiver<Vec<u8>>) {
    while let Some(message) = outgoing.recv().await {
        if writing.write_all(&message).await.is_err() {
            return;
        }
    }
}

async fn receive(socket: Arc<UdpSocket>, to: SocketAddr, events: mpsc::Sender<Event>) {
    let mut buffer = vec![0; DATAGRAM];
    loop {
        // An ICMP "unreachable" for an earlier datagram comes back as an error here: not the socket's end.
        let Ok((length, from)) = socket.recv_from(&mut buffer).await else {
            tokio::time::sleep(Duration::from_millis(1)).await;
            continue;
        };
        let data = buffer[..length].to_vec();
        let received = Event::Received {
            transport: TransportType::Udp,
            from,
            to,
            data,
        };
        if length > 0 && events.send(received).await.is_err() {
            return;
        }
    }
}

fn build(message: TransmitBuild<DelayedMessageOrChannelSend<Vec<u8>>>) -> Transmit<Vec<u8>> {
    message.build()
}

fn unguessable() -> String {
    let mut bytes = [0_u8; 24];
    getrandom::fill(&mut bytes).expect("the operating system gives random bytes");
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
