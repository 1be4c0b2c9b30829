//! The laboratory's certificates: one public authority for the cloud, one company authority for the web filter, and a
//! stranger that nobody trusts.

use std::{fs, path::Path, process::Command};

use crate::{Result, Trouble, hosts, namespace::run};

/// Makes the authorities and a server certificate of each, for every host name, in `dir`:
/// `{cloud,company,stranger}-ca.pem` and the same with `.pem`, `.key`.
pub fn make(dir: &Path) -> Result<()> {
    for name in ["cloud", "company", "stranger"] {
        authority_and_server(dir, name)?;
    }
    Ok(())
}

/// Makes a fresh certificate database in the directory `database` that trusts the first two authorities.
pub fn trust(dir: &Path, database: &Path) -> Result<()> {
    fs::create_dir_all(database).map_err(|error| Trouble::new(error.to_string()))?;
    let database = format!("sql:{}", database.display());
    run(Command::new("certutil").args(["-N", "--empty-password", "-d", &database]))?;
    for name in ["cloud", "company"] {
        let certificate = dir.join(format!("{name}-ca.pem"));
        run(Command::new("certutil")
            .args(["-A", "-n", name, "-t", "C,,", "-d", &database, "-i"])
            .arg(certificate))?;
    }
    Ok(())
}

fn authority_and_server(dir: &Path, name: &str) -> Result<()> {
    let names: Vec<String> = hosts::ALL
        .iter()
        .map(|host| format!("DNS:{}", host.name))
        .collect();
    let settings = format!(
        "[req]\nprompt=no\ndistinguished_name=dn\n[dn]\nCN=Laboratory {name}\n\
         [ca]\nbasicConstraints=critical,CA:TRUE\nkeyUsage=critical,keyCertSign,cRLSign\nsubjectKeyIdentifier=hash\n\
         [server]\nbasicConstraints=critical,CA:FALSE\nkeyUsage=critical,digitalSignature\n\
         extendedKeyUsage=serverAuth\nsubjectAltName={}\n",
        names.join(",")
    );
    let file = |ending: &str| dir.join(format!("{name}{ending}"));
    fs::write(file(".cnf"), settings).map_err(|error| Trouble::new(error.to_string()))?;

    let request = || {
        let mut command = Command::new("openssl");
        command.args([
            "req",
            "-x509",
            "-newkey",
            "ec",
            "-pkeyopt",
            "ec_paramgen_curve:prime256v1",
            "-nodes",
        ]);
        command.args(["-days", "30", "-config"]).arg(file(".cnf"));
        command
    };
    run(request()
        .args(["-extensions", "ca", "-keyout"])
        .arg(file("-ca.key"))
        .arg("-out")
        .arg(file("-ca.pem")))?;
    run(request()
        .args([
            "-extensions",
            "server",
            "-subj",
            &format!("/CN={}", hosts::PAGE.name),
            "-keyout",
        ])
        .arg(file(".key"))
        .arg("-out")
        .arg(file(".pem"))
        .arg("-CA")
        .arg(file("-ca.pem"))
        .arg("-CAkey")
        .arg(file("-ca.key")))?;
    Ok(())
}
