/// A published potential that the program can fetch: where it is, and how to tell that it is right.
public struct KnownPotential: Sendable, Hashable {
  /// What a person types, e.g. "nep89".
  public let name: String
  public let summary: String
  public let licence: String
  public let citation: String
  /// The PyPI package whose source archive holds the file, and the file's path in it.
  public let package: String
  public let version: String
  public let member: String
  /// The SHA-256 of the file in hexadecimal.
  public let sha256: String

  public init(
    name: String, summary: String, licence: String, citation: String, package: String,
    version: String, member: String, sha256: String
  ) {
    self.name = name
    self.summary = summary
    self.licence = licence
    self.citation = citation
    self.package = package
    self.version = version
    self.member = member
    self.sha256 = sha256
  }

  /// The name of the file in the cache.
  public var fileName: String { name + ".txt" }

  /// NEP89 is under GPL-3.0: it is fetched by whoever wants it, not shipped.
  public static let nep89 = KnownPotential(
    name: "nep89",
    summary: "NEP89, one potential for 89 elements: fast, for trying things out; no claim about "
      + "anions may rest on it",
    licence: "GPL-3.0",
    citation: "arXiv 2504.21286 (2025)",
    package: "neptrainkit", version: "3.1.5", member: "src/NepTrainKit/Config/nep89.txt",
    sha256: "75168ece02e840e4a32644f982b78d43cba697f5b64b4c8134ab66c7a8c28be1")

  public static let all = [nep89]

  /// What a table of entries calls the energies of a potential: its known name, or its file's name
  /// with the first digits of the digest, since many files are called nep.txt.
  public static func functional(_ nameOrPath: String, sha256: String) -> String {
    if let known = all.first(where: { $0.sha256 == sha256 }) { return known.name }
    let file = nameOrPath.split(separator: "/").last.map(String.init) ?? nameOrPath
    return "\(file) \(sha256.prefix(8))"
  }
}
