//! The sound of a test call: noise, so that the encoder has something to say at every rate, as the bytes of a WAV file.

/// Samples per second: what Opus works with inside.
const SAMPLE_RATE: u32 = 48_000;
/// Stereo: more room for high rates than mono.
const CHANNELS: u16 = 2;
/// 16 bits per sample.
const BYTES_PER_SAMPLE: u16 = 2;
/// The size of the header in front of the samples.
const HEADER_BYTES: usize = 44;
/// A quarter of full scale: loud enough to be no silence, far from clipping.
const AMPLITUDE: i32 = i16::MAX as i32 / 4;

/// `seconds` of white noise, the same every time, as a WAV file (RIFF, PCM, 48 kHz, stereo, 16 bit).
pub fn noise_wav(seconds: u32) -> Vec<u8> {
    let frame = u32::from(CHANNELS * BYTES_PER_SAMPLE);
    let data = SAMPLE_RATE * seconds * frame;
    let mut wav = Vec::with_capacity(HEADER_BYTES + data as usize);
    wav.extend_from_slice(b"RIFF");
    wav.extend_from_slice(&(HEADER_BYTES as u32 - 8 + data).to_le_bytes());
    wav.extend_from_slice(b"WAVEfmt ");
    wav.extend_from_slice(&16u32.to_le_bytes());
    wav.extend_from_slice(&1u16.to_le_bytes());
    wav.extend_from_slice(&CHANNELS.to_le_bytes());
    wav.extend_from_slice(&SAMPLE_RATE.to_le_bytes());
    wav.extend_from_slice(&(SAMPLE_RATE * frame).to_le_bytes());
    wav.extend_from_slice(&(CHANNELS * BYTES_PER_SAMPLE).to_le_bytes());
    wav.extend_from_slice(&(BYTES_PER_SAMPLE * 8).to_le_bytes());
    wav.extend_from_slice(b"data");
    wav.extend_from_slice(&data.to_le_bytes());
    let mut state = 0x9e37_79b9_u32;
    for _ in 0..SAMPLE_RATE * seconds * u32::from(CHANNELS) {
        state = xorshift(state);
        let sample = (state >> 16) as i32 - 0x8000;
        wav.extend_from_slice(&((sample * AMPLITUDE / 0x8000) as i16).to_le_bytes());
    }
    wav
}

/// Marsaglia's 32-bit xorshift: small, and white enough for an audio encoder.
fn xorshift(mut state: u32) -> u32 {
    state ^= state << 13;
    state ^= state >> 17;
    state ^ (state << 5)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_header_tells_the_truth_about_the_samples() {
        let wav = noise_wav(1);
        assert_eq!(wav.len(), HEADER_BYTES + 48_000 * 4);
        assert_eq!(&wav[0..4], b"RIFF");
        assert_eq!(wav[4..8], (wav.len() as u32 - 8).to_le_bytes());
        assert_eq!(&wav[36..40], b"data");
        assert_eq!(wav[40..44], (wav.len() as u32 - 44).to_le_bytes());
    }

    #[test]
    fn the_noise_is_loud_centred_and_never_clips() {
        let samples: Vec<f64> = noise_wav(1)[HEADER_BYTES..]
            .chunks_exact(2)
            .map(|pair| f64::from(i16::from_le_bytes([pair[0], pair[1]])))
            .collect();
        let mean = samples.iter().sum::<f64>() / samples.len() as f64;
        let power = samples.iter().map(|sample| sample * sample).sum::<f64>() / samples.len() as f64;
        assert!(mean.abs() < 50.0, "{mean}");
        assert!(power.sqrt() > 4000.0, "{power}");
        assert!(samples.iter().all(|sample| sample.abs() <= f64::from(AMPLITUDE)));
    }
}
