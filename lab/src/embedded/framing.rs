//! TURN over a stream: where one message ends and the next begins (RFC 8656 section 12.5).
//!
//! `turn-server-proto` wants exactly one STUN message or ChannelData per call, without the padding that
//! ChannelData carries on a stream, and leaves the padding of what it sends to its caller.

/// Bytes of a STUN header.
const STUN_HEADER: usize = 20;
/// Bytes of a ChannelData header.
const CHANNEL_HEADER: usize = 4;

/// The peer does not speak TURN: there is no way to find the next message.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct NotTurn;

/// Takes the first whole message out of `stream`, or nothing when more bytes are needed.
///
/// ChannelData comes back without its padding.
///
/// # Errors
/// The first byte belongs neither to a STUN message nor to ChannelData.
pub(super) fn take_message(stream: &mut Vec<u8>) -> Result<Option<Vec<u8>>, NotTurn> {
    let [kind, _, high, low, ..] = stream[..] else {
        return match stream.first() {
            Some(&kind) if kind >> 6 > 1 => Err(NotTurn),
            _ => Ok(None),
        };
    };
    let body = usize::from(u16::from_be_bytes([high, low]));
    let (message, on_the_wire) = match kind >> 6 {
        0 => (STUN_HEADER + body, STUN_HEADER + body),
        1 => (CHANNEL_HEADER + body, padded(CHANNEL_HEADER + body)),
        _ => return Err(NotTurn),
    };
    if stream.len() < on_the_wire {
        return Ok(None);
    }
    let rest = stream.split_off(on_the_wire);
    let mut taken = std::mem::replace(stream, rest);
    taken.truncate(message);
    Ok(Some(taken))
}

/// Pads a message for a stream: a multiple of four bytes. STUN messages already are one.
pub(super) fn pad(mut message: Vec<u8>) -> Vec<u8> {
    message.resize(padded(message.len()), 0);
    message
}

fn padded(length: usize) -> usize {
    length.next_multiple_of(4)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn channel_data(payload: &[u8]) -> Vec<u8> {
        let mut message = vec![0x40, 0x01, 0, payload.len() as u8];
        message.extend_from_slice(payload);
        message
    }

    fn stun(body: &[u8]) -> Vec<u8> {
        let mut message = vec![0, 1, 0, body.len() as u8];
        message.extend_from_slice(&[0x21, 0x12, 0xa4, 0x42]);
        message.extend_from_slice(&[7; 12]);
        message.extend_from_slice(body);
        message
    }

    #[test]
    fn every_split_of_a_stream_gives_the_same_messages() {
        let messages = [
            stun(&[]),
            channel_data(&[1, 2, 3]),
            channel_data(&[1]),
            stun(&[9; 8]),
            channel_data(&[]),
            channel_data(&[5; 4]),
        ];
        let stream: Vec<u8> = messages.iter().flat_map(|message| pad(message.clone())).collect();
        for chunk in 1..stream.len() {
            let mut buffer = Vec::new();
            let mut taken = Vec::new();
            for bytes in stream.chunks(chunk) {
                buffer.extend_from_slice(bytes);
                while let Some(message) = take_message(&mut buffer).expect("the stream is TURN") {
                    taken.push(message);
                }
            }
            assert_eq!(taken, messages, "in chunks of {chunk}");
            assert!(buffer.is_empty());
        }
    }

    #[test]
    fn channel_data_waits_for_its_padding() {
        let mut buffer = channel_data(&[1, 2, 3]);
        assert_eq!(take_message(&mut buffer), Ok(None));
        buffer.push(0);
        assert_eq!(take_message(&mut buffer), Ok(Some(channel_data(&[1, 2, 3]))));
    }

    #[test]
    fn other_protocols_are_told_at_the_first_byte() {
        assert_eq!(take_message(&mut vec![0x80]), Err(NotTurn));
        assert_eq!(take_message(&mut vec![0xff, 0, 0, 0, 0]), Err(NotTurn));
    }

    #[test]
    fn outgoing_messages_are_padded_to_four_bytes() {
        assert_eq!(pad(channel_data(&[1])).len(), 8);
        assert_eq!(pad(channel_data(&[1, 2, 3, 4])).len(), 8);
        assert_eq!(pad(stun(&[])).len(), 20);
    }
}
