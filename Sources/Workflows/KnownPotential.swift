/// A file in the source archive of a package on PyPI.
public struct PackagedFile: Sendable, Hashable {
  public let package: String
  public let version: String
  /// Its path in the archive, below the folder that is called after the package and version.
  public let member: String

  public init(package: String, version: String, member: String) {
    self.package = package
    self.version = version
    self.member = member
  }
}

/// A potential that is known by name: where it is, and how to tell that it is right.
public struct KnownPotential: Sendable, Hashable {
  public enum Origin: Sendable, Hashable {
    /// Fetched into the user's cache.
    case fetched(PackagedFile)
    /// In the program's Data folder, under Potentials/NAME, with its model card, its active set and
    /// what it was made from.
    case carried
  }

  /// What a person types, e.g. "nep89".
  public let name: String
  public let summary: String
  /// What it gets wrong, for a reader of results: whole sentences.
  public let limits: String
  public let licence: String
  public let citation: String
  public let origin: Origin
  /// The SHA-256 of the file in hexadecimal.
  public let sha256: String

  public init(
    name: String, summary: String, limits: String, licence: String, citation: String,
    origin: Origin, sha256: String
  ) {
    self.name = name
    self.summary = summary
    self.limits = limits
    self.licence = licence
    self.citation = citation
    self.origin = origin
    self.sha256 = sha256
  }

  /// NEP89 is under GPL-3.0: it is fetched by whoever wants it, not shipped.
  public static let nep89 = KnownPotential(
    name: "nep89",
    summary: "NEP89, one potential for 89 elements: fast, for trying things out; no claim about "
      + "anions may rest on it",
    limits: """
      NEP89 shrinks these crystals by 3 to 4 %, breaks P–S bonds alike for all four anions, and \
      differs from a reference model by 0.20 to 0.28 eV/Å in the forces at such contacts; no claim \
      about anions may rest on it.
      """,
    licence: "GPL-3.0",
    citation: "arXiv 2504.21286 (2025)",
    origin: .fetched(
      PackagedFile(
        package: "neptrainkit", version: "3.1.5", member: "src/NepTrainKit/Config/nep89.txt")),
    sha256: "75168ece02e840e4a32644f982b78d43cba697f5b64b4c8134ab66c7a8c28be1")

  /// Ours; Data/Potentials/argyrodite-1 has its model card, labels and recipe.
  public static let argyrodite1 = KnownPotential(
    name: "argyrodite-1",
    summary: "Li argyrodites Li6PS5X (X = Cl, BH4, BF4, CN), lithium, their products and contacts: "
      + "H, Li, B, C, N, F, P, S, Cl; fitted to SevenNet-l3i5",
    limits: """
      argyrodite-1 repeats SevenNet-l3i5, a model of PBE energies: forces at contacts that it was \
      not fitted to differ by 0.09 eV/Å (CN 0.10), their changes of energy by 3 %, reactions with \
      lithium by about 1 meV/atom, edges of crystals by up to 0.7 %. SevenNet-l3i5 itself makes \
      forces at thin contacts a third smaller than PBE does (CP2K, twelve frames; 0.19 of \
      0.37 eV/Å): barriers are likely too low with it, and reactions too fast.
      """,
    licence: "Apache-2.0",
    citation: "this program; labels by SevenNet-l3i5 (sevenn 0.13.0, MIT)",
    origin: .carried,
    sha256: "87c008dbf668265973a132148ee3d26d5910bdfcfd3305370315ef5e7c63f81d")

  public static let all = [argyrodite1, nep89]

  /// The one whose file has this digest.
  public static func with(sha256: String) -> KnownPotential? {
    all.first { $0.sha256 == sha256 }
  }

  /// What a table of entries calls the energies of a potential: its known name, or its file's name
  /// with the first digits of the digest, since many files are called nep.txt.
  public static func functional(_ nameOrPath: String, sha256: String) -> String {
    if let known = with(sha256: sha256) { return known.name }
    let file = nameOrPath.split(separator: "/").last.map(String.init) ?? nameOrPath
    return "\(file) \(sha256.prefix(8))"
  }
}
