//! A worse way: a relay for TCP and UDP that holds every chunk for a time, in both directions, without limiting the
//! rate. TCP keeps its order, and may stand still for moments; datagrams that chance delays differently overtake each other,
//! and some are lost, one by one or several in a row. (The kernel's `netem` would do the same, where a kernel has it.)

use std::{collections::HashMap, io, net::SocketAddr, sync::Arc, time::Duration};

use tokio::{
    io::{AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _},
    net::{TcpListener, TcpStream, UdpSocket},
    sync::mpsc,
    time::{Instant, sleep_until},
};

/// How often TCP stands still, where it does.
const STALL_EVERY: Duration = Duration::from_secs(2);

/// How late everything arrives, and what does not.
#[derive(Debug, Clone, Copy)]
pub struct Lateness {
    least: Duration,
    jitter: Duration,
    /// The chance that a datagram is lost after one that was not, and after one that was (Gilbert's model).
    loss: (f64, f64),
    /// The last one was.
    losing: bool,
    stall: Duration,
    start: Option<Instant>,
    /// Where the sequence of chances stands: the same for every run (splitmix64).
    state: u64,
}

impl Lateness {
    /// So many milliseconds, and up to so many more by chance.
    #[must_use]
    pub fn new(ms: u32, jitter_ms: u32) -> Self {
        Self {
            least: Duration::from_millis(ms.into()),
            jitter: Duration::from_millis(jitter_ms.into()),
            loss: (0.0, 0.0),
            losing: false,
            stall: Duration::ZERO,
            start: None,
            state: 20_260_101,
        }
    }

    /// Of a hundred datagrams so many are lost, so many in a row in the mean.
    #[must_use]
    pub fn losing(mut self, percent: u32, burst: u32) -> Self {
        let (share, burst) = (f64::from(percent) / 100.0, f64::from(burst.max(1)));
        // By chance alone, as many follow each other as the share says.
        let again = if burst > 1.0 { 1.0 - 1.0 / burst } else { share };
        self.loss = (share * (1.0 - again) / (1.0 - share).max(1e-9), again);
        self
    }

    /// TCP stands still for so many milliseconds every two seconds.
    #[must_use]
    pub fn stalling(mut self, ms: u32) -> Self {
        self.stall = Duration::from_millis(ms.into());
        self
    }

    /// The same with chances of its own: two ways that lost the same packets would lose fewer in all.
    fn apart(self, number: u64) -> Self {
        Self {
            losing: false,
            state: (20_260_101 + number).wrapping_mul(0xd134_2543_de82_ef95),
            ..self
        }
    }

    /// Whether the next datagram is lost.
    fn lost(&mut self) -> bool {
        let (fresh, again) = self.loss;
        let chance = if self.losing { again } else { fresh };
        self.losing = self.chance() < chance;
        self.losing
    }

    /// When TCP goes on, if it stands still at this moment.
    fn goes_on(&mut self, now: Instant) -> Instant {
        let start = *self.start.get_or_insert(now);
        let since = now.duration_since(start);
        let into = Duration::from_nanos((since.as_nanos() % STALL_EVERY.as_nanos()) as u64);
        if since >= STALL_EVERY && into < self.stall {
            now + (self.stall - into)
        } else {
            now
        }
    }

    /// For the next chunk.
    fn next(&mut self) -> Duration {
        self.least + self.jitter.mul_f64(self.chance())
    }

    /// Evenly between 0 and 1.
    fn chance(&mut self) -> f64 {
        self.state = self.state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.state;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        let chance = ((mixed ^ (mixed >> 31)) >> 32) as u32;
        f64::from(chance) / f64::from(u32::MAX)
    }
}

/// Relays `listen` to `target`, over TCP and UDP, until dropped.
pub async fn relay(listen: SocketAddr, target: SocketAddr, late: Lateness) -> io::Result<()> {
    let listener = TcpListener::bind(listen).await?;
    let socket = UdpSocket::bind(listen).await?;
    tokio::try_join!(tcp(listener, target, late), udp(socket, target, late))?;
    Ok(())
}

/// Relays whatever a packet filter redirects to `listen` to where it was meant for, over TCP, until dropped.
#[cfg(target_os = "linux")]
pub async fn relay_redirected(listen: SocketAddr, late: Lateness) -> io::Result<()> {
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
        tokio::spawn(carry_both(near, target, late));
    }
}

async fn tcp(listener: TcpListener, target: SocketAddr, late: Lateness) -> io::Result<()> {
    loop {
        let (near, _) = listener.accept().await?;
        tokio::spawn(carry_both(near, target, late));
    }
}

async fn carry_both(near: TcpStream, target: SocketAddr, late: Lateness) {
    // A longer way would have held the handshake for a round trip too; it is charged to the first chunk.
    let earliest = Instant::now() + 2 * late.least;
    let Ok(far) = TcpStream::connect(target).await else {
        return;
    };
    if near.set_nodelay(true).and(far.set_nodelay(true)).is_err() {
        return;
    }
    let (near_read, near_write) = near.into_split();
    let (far_read, far_write) = far.into_split();
    tokio::join!(
        carry(near_read, far_write, late, earliest + late.least),
        carry(far_read, near_write, late, earliest)
    );
}

/// Carries one direction until its end, and the end itself as late as everything else.
async fn carry(
    mut from: impl AsyncRead + Unpin,
    mut to: impl AsyncWrite + Unpin,
    mut late: Lateness,
    earliest: Instant,
) {
    let (queue, mut due) = mpsc::unbounded_channel::<(Instant, Vec<u8>)>();
    let read = async move {
        let mut buffer = vec![0; 16 * 1024];
        while let Ok(length @ 1..) = from.read(&mut buffer).await {
            let now = Instant::now();
            let when = (now + late.next()).max(earliest).max(late.goes_on(now));
            if queue.send((when, buffer[..length].to_vec())).is_err() {
                break;
            }
        }
        sleep_until((Instant::now() + late.next()).max(earliest)).await;
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

async fn udp(near: UdpSocket, target: SocketAddr, mut late: Lateness) -> io::Result<()> {
    let near = Arc::new(near);
    let mut clients: HashMap<SocketAddr, Arc<UdpSocket>> = HashMap::new();
    let mut buffer = vec![0; 64 * 1024];
    loop {
        let (length, client) = near.recv_from(&mut buffer).await?;
        let far = match clients.get(&client) {
            Some(far) => Arc::clone(far),
            None => {
                let far = Arc::new(UdpSocket::bind((listen_address(&near)?, 0)).await?);
                far.connect(target).await?;
                clients.insert(client, Arc::clone(&far));
                let back = late.apart(clients.len() as u64);
                tokio::spawn(udp_back(Arc::clone(&far), Arc::clone(&near), client, back));
                far
            }
        };
        if late.lost() {
            continue;
        }
        let (when, datagram) = (Instant::now() + late.next(), buffer[..length].to_vec());
        tokio::spawn(async move {
            sleep_until(when).await;
            // A lost datagram is a lost datagram.
            _ = far.send(&datagram).await;
        });
    }
}

/// Carries one client's answers.
async fn udp_back(far: Arc<UdpSocket>, near: Arc<UdpSocket>, client: SocketAddr, mut late: Lateness) {
    let mut buffer = vec![0; 64 * 1024];
    loop {
        // The target may not listen yet; then the datagram is lost, and the next may not be.
        let Ok(length) = far.recv(&mut buffer).await else {
            continue;
        };
        if late.lost() {
            continue;
        }
        let (when, datagram) = (Instant::now() + late.next(), buffer[..length].to_vec());
        let near = Arc::clone(&near);
        tokio::spawn(async move {
            sleep_until(when).await;
            _ = near.send_to(&datagram, client).await;
        });
    }
}

fn listen_address(socket: &UdpSocket) -> io::Result<std::net::IpAddr> {
    Ok(socket.local_addr()?.ip())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn chances_are_spread_over_their_range_and_the_same_every_time() {
        let times = |mut late: Lateness| (0..1000).map(|_| late.next().as_millis()).collect::<Vec<_>>();
        let seen = times(Lateness::new(10, 90));
        assert_eq!(seen, times(Lateness::new(10, 90)));
        assert!(seen.iter().all(|ms| (10..=100).contains(ms)));
        let mean = seen.iter().sum::<u128>() / 1000;
        assert!((52..=58).contains(&mean), "{mean}");
        assert!(times(Lateness::new(7, 0)).iter().all(|ms| *ms == 7));
    }

    #[test]
    fn datagrams_are_lost_as_often_and_as_many_in_a_row_as_was_set() {
        for (percent, burst, rows) in [(6, 1, 1.06), (6, 3, 3.0), (20, 4, 4.0)] {
            let mut late = Lateness::new(0, 0).losing(percent, burst);
            let lost: Vec<bool> = (0..100_000).map(|_| late.lost()).collect();
            let all = lost.iter().filter(|lost| **lost).count() as f64;
            let starts = lost.windows(2).filter(|two| !two[0] && two[1]).count() as f64;
            assert!(
                (all / 1000.0 - f64::from(percent)).abs() < 0.7,
                "{all} of {percent}"
            );
            assert!(
                (all / starts / rows - 1.0).abs() < 0.05,
                "{} of {rows}",
                all / starts
            );
        }
    }

    #[test]
    fn each_way_loses_packets_of_its_own() {
        let one = Lateness::new(0, 0).losing(50, 1);
        let of = |mut late: Lateness| (0..1_000).map(|_| late.lost()).collect::<Vec<_>>();
        let ways = [one, one.apart(1), one.apart(2)].map(of);
        let alike = |a: &[bool], b: &[bool]| a.iter().zip(b).filter(|(a, b)| a == b).count();
        for (a, b) in [(0, 1), (0, 2), (1, 2)] {
            assert!((430..570).contains(&alike(&ways[a], &ways[b])));
        }
    }

    #[test]
    fn a_stall_holds_all_that_comes_in_it_until_its_end() {
        let mut late = Lateness::new(0, 0).stalling(300);
        let start = Instant::now();
        let at = |ms| start + Duration::from_millis(ms);
        let goes_on = [0, 100, 2_000, 2_250, 2_300, 4_100].map(|ms| late.goes_on(at(ms)));
        assert_eq!(goes_on, [0, 100, 2_300, 2_300, 2_300, 4_300].map(at));
        let mut late = Lateness::new(0, 0);
        assert_eq!([0, 2_000].map(|ms| late.goes_on(at(ms))), [0, 2_000].map(at));
    }

    #[tokio::test]
    async fn chunks_keep_their_order_and_arrive_late() {
        let (mut client, near) = tokio::io::duplex(64);
        let (far, mut server) = tokio::io::duplex(1024);
        let (near_read, _near_write) = tokio::io::split(near);
        let (_far_read, far_write) = tokio::io::split(far);
        let start = Instant::now();
        let delay = Duration::from_millis(80);
        let carried = tokio::spawn(carry(near_read, far_write, Lateness::new(80, 0), start));
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
