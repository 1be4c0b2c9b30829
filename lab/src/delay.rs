//! A longer way: a relay for TCP and UDP that holds every chunk for a fixed time, in both directions, in order, and
//! without limiting the rate. (The kernel's `netem` would do the same, where a kernel has it.)

use std::{collections::HashMap, io, net::SocketAddr, sync::Arc, time::Duration};

use tokio::{
    io::{AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _},
    net::{TcpListener, TcpStream, UdpSocket},
    sync::mpsc,
    time::{Instant, sleep_until},
};

/// Relays `listen` to `target`, over TCP and UDP, until dropped.
pub async fn relay(listen: SocketAddr, target: SocketAddr, delay: Duration) -> io::Result<()> {
    let listener = TcpListener::bind(listen).await?;
    let socket = UdpSocket::bind(listen).await?;
    tokio::try_join!(tcp(listener, target, delay), udp(socket, target, delay))?;
    Ok(())
}

/// Relays whatever a packet filter redirects to `listen` to where it was meant for, over TCP, until dropped.
#[cfg(target_os = "linux")]
pub async fn relay_redirected(listen: SocketAddr, delay: Duration) -> io::Result<()> {
    use nix::sys::socket::{getsockopt, sockopt::OriginalDst};

    let listener = TcpListener::bind(listen).await?;
    loop {
        let (near, _) = listener.accept().await?;
        let meant = getsockopt(&near, OriginalDst)?;
        let address = std::net::Ipv4Addr::from(u32::from_be(meant.sin_addr.s_addr));
        // Who asks for this very door was sent by nobody, and to relay to ourselves would never end.
        if address.is_loopback() {
            continue;
        }
        let target = SocketAddr::from((address, u16::from_be(meant.sin_port)));
        tokio::spawn(carry_both(near, target, delay));
    }
}

async fn tcp(listener: TcpListener, target: SocketAddr, delay: Duration) -> io::Result<()> {
    loop {
        let (near, _) = listener.accept().await?;
        tokio::spawn(carry_both(near, target, delay));
    }
}

async fn carry_both(near: TcpStream, target: SocketAddr, delay: Duration) {
    // A longer way would have held the handshake for a round trip too; it is charged to the first chunk.
    let earliest = Instant::now() + 2 * delay;
    let Ok(far) = TcpStream::connect(target).await else {
        return;
    };
    if near.set_nodelay(true).and(far.set_nodelay(true)).is_err() {
        return;
    }
    let (near_read, near_write) = near.into_split();
    let (far_read, far_write) = far.into_split();
    tokio::join!(
        carry(near_read, far_write, delay, earliest + delay),
        carry(far_read, near_write, delay, earliest)
    );
}

/// Carries one direction until its end, and the end itself as late as everything else.
async fn carry(
    mut from: impl AsyncRead + Unpin,
    mut to: impl AsyncWrite + Unpin,
    delay: Duration,
    earliest: Instant,
) {
    let (queue, mut due) = mpsc::unbounded_channel::<(Instant, Vec<u8>)>();
    let read = async move {
        let mut buffer = vec![0; 16 * 1024];
        while let Ok(length @ 1..) = from.read(&mut buffer).await {
            let when = (Instant::now() + delay).max(earliest);
            if queue.send((when, buffer[..length].to_vec())).is_err() {
                break;
            }
        }
        sleep_until((Instant::now() + delay).max(earliest)).await;
    };
    let write = async move {
        while let Some((when, chunk)) = due.recv().await {
            sleep_until(when).await;
            if to.write_all(&chunk).await.is_err() {
                return;
            }
        }
        // The other side may have gone already.
        _ = to.shutdown().await;
    };
    tokio::join!(read, write);
}

async fn udp(near: UdpSocket, target: SocketAddr, delay: Duration) -> io::Result<()> {
    let near = Arc::new(near);
    let mut clients: HashMap<SocketAddr, mpsc::UnboundedSender<(Instant, Vec<u8>)>> = HashMap::new();
    let mut buffer = vec![0; 64 * 1024];
    loop {
        let (length, client) = near.recv_from(&mut buffer).await?;
        let datagram = (Instant::now() + delay, buffer[..length].to_vec());
        if let Some(queue) = clients.get(&client) {
            // A queue ends only with the relay itself.
            _ = queue.send(datagram);
            continue;
        }
        let far = Arc::new(UdpSocket::bind((listen_address(&near)?, 0)).await?);
        far.connect(target).await?;
        let (queue, mut due) = mpsc::unbounded_channel::<(Instant, Vec<u8>)>();
        _ = queue.send(datagram);
        clients.insert(client, queue);

        let out = Arc::clone(&far);
        tokio::spawn(async move {
            while let Some((when, datagram)) = due.recv().await {
                sleep_until(when).await;
                // A lost datagram is a lost datagram.
                _ = out.send(&datagram).await;
            }
        });
        let back = Arc::clone(&near);
        tokio::spawn(async move {
            let (queue, mut due) = mpsc::unbounded_channel::<(Instant, Vec<u8>)>();
            tokio::spawn(async move {
                while let Some((when, datagram)) = due.recv().await {
                    sleep_until(when).await;
                    _ = back.send_to(&datagram, client).await;
                }
            });
            let mut buffer = vec![0; 64 * 1024];
            loop {
                if let Ok(length) = far.recv(&mut buffer).await
                    && queue
                        .send((Instant::now() + delay, buffer[..length].to_vec()))
                        .is_err()
                {
                    break;
                }
            }
        });
    }
}

fn listen_address(socket: &UdpSocket) -> io::Result<std::net::IpAddr> {
    Ok(socket.local_addr()?.ip())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn chunks_keep_their_order_and_arrive_late() {
        let (mut client, near) = tokio::io::duplex(64);
        let (far, mut server) = tokio::io::duplex(1024);
        let (near_read, _near_write) = tokio::io::split(near);
        let (_far_read, far_write) = tokio::io::split(far);
        let start = Instant::now();
        let delay = Duration::from_millis(80);
        let carried = tokio::spawn(carry(near_read, far_write, delay, start));
        client.write_all(b"one").await.expect("the pipe is open");
        tokio::time::sleep(Duration::from_millis(20)).await;
        client.write_all(b"two").await.expect("the pipe is open");
        let mut seen = [0; 6];
        server.read_exact(&mut seen[..3]).await.expect("arrives");
        let first = start.elapsed();
        server.read_exact(&mut seen[3..]).await.expect("arrives");
        let second = start.elapsed();
        assert_eq!(&seen, b"onetwo");
        assert!(
            first >= delay && second >= delay + Duration::from_millis(15),
            "{first:?} {second:?}"
        );
        assert!(
            second < first + delay,
            "the second waits for itself, not for the first: {first:?} {second:?}"
        );
        drop(client);
        carried.await.expect("ends with its source");
    }
}
