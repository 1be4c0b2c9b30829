//! Which installed software the provider supports on which virtual desktop (G39 to G43).

use crate::observation::{Software, VdiPlatform};

/// One row of the guide's matrix: what is installed, and where that is supported.
struct Row {
    fact: &'static str,
    installed: &'static [Software],
    /// Citrix 7 on Windows Server, Citrix 7 on eLux, Horizon 7 on Server 2012 R2, Horizon 7 on Server 2008 R2.
    supported: [bool; 4],
}

const MATRIX: [Row; 4] = {
    use Software::{ScreenRecording, Softphone, Workspace};
    [
        Row {
            fact: "G39",
            installed: &[Workspace, Softphone, ScreenRecording],
            supported: [true, false, false, false],
        },
        Row {
            fact: "G40",
            installed: &[Workspace, Softphone],
            supported: [true, true, false, false],
        },
        Row {
            fact: "G41",
            installed: &[Workspace, ScreenRecording],
            supported: [true, false, true, false],
        },
        Row {
            fact: "G42",
            installed: &[Workspace],
            supported: [true, true, true, true],
        },
    ]
};

/// What the matrix says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Support {
    /// Supported, by this fact.
    Yes(&'static str),
    /// Not supported, by this fact.
    No(&'static str),
    /// The matrix does not have this virtual desktop, or this software together.
    NotListed,
    /// There is nothing to support: no virtual desktop, or nothing installed (G43).
    NotNeeded,
}

/// Whether this software is supported together on this virtual desktop. Workspace belongs to every row, so it counts as
/// installed where anything else is.
pub fn support(platform: VdiPlatform, installed: &[Software]) -> Support {
    if platform == VdiPlatform::None || installed.is_empty() {
        return Support::NotNeeded;
    }
    let column = match platform {
        VdiPlatform::CitrixWindows => 0,
        VdiPlatform::CitrixElux => 1,
        VdiPlatform::Horizon2012 => 2,
        VdiPlatform::Horizon2008 => 3,
        VdiPlatform::None | VdiPlatform::Other => return Support::NotListed,
    };
    let has = |software: &Software| *software == Software::Workspace || installed.contains(software);
    let same = |row: &&Row| {
        let all = [Software::Softphone, Software::ScreenRecording];
        all.iter()
            .all(|software| has(software) == row.installed.contains(software))
    };
    match MATRIX.iter().find(same) {
        Some(row) if row.supported[column] => Support::Yes(row.fact),
        Some(row) => Support::No(row.fact),
        None => Support::NotListed,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_matrix_is_the_guides() {
        use Software::{ScreenRecording as R, Softphone as S, Workspace as W};
        use VdiPlatform::{CitrixElux, CitrixWindows, Horizon2008, Horizon2012};
        let row = |installed: &[Software]| {
            [CitrixWindows, CitrixElux, Horizon2012, Horizon2008].map(|platform| support(platform, installed))
        };
        use Support::{No, Yes};
        assert_eq!(row(&[W, S, R]), [Yes("G39"), No("G39"), No("G39"), No("G39")]);
        assert_eq!(row(&[W, S]), [Yes("G40"), Yes("G40"), No("G40"), No("G40")]);
        assert_eq!(row(&[R, W]), [Yes("G41"), No("G41"), Yes("G41"), No("G41")]);
        assert_eq!(row(&[W]), [Yes("G42"); 4]);
        assert_eq!(row(&[S]), row(&[W, S]));
        assert_eq!(row(&[]), [Support::NotNeeded; 4]);
        assert_eq!(support(VdiPlatform::Other, &[W]), Support::NotListed);
        assert_eq!(support(VdiPlatform::None, &[W]), Support::NotNeeded);
    }
}
