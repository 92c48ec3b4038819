import Atomistics
import FileFormats
import Foundation

/// The potentials that are known by name: carried by the program, or in the user's cache.
///
/// The cache is `$INTERPHASE_POTENTIALS`, else `$XDG_CACHE_HOME/interphase/potentials`, else
/// `~/.cache/interphase/potentials`. Every function takes the environment it looks in.
public enum PotentialLibrary {
  public struct Item: Sendable {
    public let potential: KnownPotential
    /// Where it lies or would lie.
    public let path: String
    public let isInstalled: Bool
  }

  /// What `install` did.
  public enum Outcome: Sendable, Equatable {
    case installed(path: String)
    case alreadyInstalled(path: String)
    /// The file in the cache was not the published one; it was fetched anew.
    case replacedDamaged(path: String)

    public var path: String {
      switch self {
      case .installed(let path), .alreadyInstalled(let path), .replacedDamaged(let path): path
      }
    }
  }

  /// Every potential that the program knows by name.
  public static func list(
    environment: [String: String] = ProcessInfo.processInfo.environment
  ) -> [Item] {
    KnownPotential.all.map { potential in
      // Without a Data folder there is no place for what is carried.
      let path =
        (try? path(of: potential, environment)) ?? "Data/Potentials/\(potential.name)/nep.txt"
      return Item(
        potential: potential, path: path,
        isInstalled: FileManager.default.isReadableFile(atPath: path))
    }
  }

  /// Fetches the potential of that name into the cache unless it is there already.
  ///
  /// - Throws: `WorkflowsError.unavailable` with the line that mends it; `FileFormatsError`
  ///   where the cache cannot be written.
  public static func install(
    _ name: String, environment: [String: String] = ProcessInfo.processInfo.environment
  ) throws -> Outcome {
    guard let potential = KnownPotential.all.first(where: { $0.name == name.lowercased() }) else {
      throw WorkflowsError.unavailable(
        "no potential is known as '\(name)'; known: \(names). A path to any nep.txt works "
          + "without installing")
    }
    return try install(potential, environment: environment)
  }

  public static func install(
    _ potential: KnownPotential,
    environment: [String: String] = ProcessInfo.processInfo.environment
  ) throws -> Outcome {
    let path = try path(of: potential, environment)
    guard case .fetched(let file) = potential.origin else { return .alreadyInstalled(path: path) }
    let exists = FileManager.default.fileExists(atPath: path)
    if exists, try SHA256Digest.hex(ofFile: path) == potential.sha256 {
      return .alreadyInstalled(path: path)
    }
    let directory = URL(fileURLWithPath: path).deletingLastPathComponent()
    try createDirectory(directory)
    let scratch = directory.appendingPathComponent(".fetch-\(UUID().uuidString)")
    try createDirectory(scratch)
    defer { try? FileManager.default.removeItem(at: scratch) }
    let fetched = try SourceArchive(
      file, called: potential.name, in: scratch, environment: environment
    ).fetch()
    let found = SHA256Digest.hex(of: fetched)
    guard found == potential.sha256 else {
      throw WorkflowsError.unavailable(
        "the file \(file.member) of \(file.package) \(file.version) is not the "
          + "published \(potential.name): its SHA-256 is \(found), expected "
          + "\(potential.sha256). Nothing was installed; something between here and PyPI "
          + "changed it, try another network or mirror")
    }
    try AtomicFile.write(fetched, to: path)
    try? FileManager.default.setAttributes([.posixPermissions: 0o644], ofItemAtPath: path)
    return exists ? .replacedDamaged(path: path) : .installed(path: path)
  }

  /// The path of a potential given by name or by path.
  ///
  /// A text with a slash or a dot, or one that names a file, is a path, relative to `directory`
  /// where that is given; anything else is a name.
  ///
  /// - Throws: `WorkflowsError.unavailable` for a name that is not known or not installed,
  ///   `WorkflowsError.missing` for a path that leads nowhere.
  public static func resolve(
    _ nameOrPath: String, relativeTo directory: URL? = nil,
    environment: [String: String] = ProcessInfo.processInfo.environment
  ) throws -> String {
    if let potential = KnownPotential.all.first(where: { $0.name == nameOrPath.lowercased() }) {
      let path = try path(of: potential, environment)
      guard FileManager.default.isReadableFile(atPath: path) else {
        throw WorkflowsError.unavailable(
          "the potential \(potential.name) is not installed; run: interphase potential install "
            + potential.name)
      }
      return path
    }
    let isAbsolute = nameOrPath.hasPrefix("/")
    let url =
      directory.flatMap { isAbsolute ? nil : $0.appendingPathComponent(nameOrPath) }
      ?? URL(fileURLWithPath: nameOrPath)
    if FileManager.default.fileExists(atPath: url.path) { return url.path }
    guard nameOrPath.contains("/") || nameOrPath.contains(".") else {
      throw WorkflowsError.unavailable(
        "no potential is known as '\(nameOrPath)', and no file has that name; known: \(names)")
    }
    throw WorkflowsError.missing(
      path: url.path, hint: "give the path of a nep.txt file or one of the names: \(names)")
  }

  private static var names: String {
    KnownPotential.all.map(\.name).joined(separator: ", ")
  }

  private static func path(
    of potential: KnownPotential, _ environment: [String: String]
  ) throws -> String {
    guard case .fetched = potential.origin else {
      return try DataDirectory.root().appendingPathComponent("Data/Potentials")
        .appendingPathComponent(potential.name).appendingPathComponent("nep.txt").path
    }
    func value(_ key: String) -> String? {
      environment[key].flatMap { $0.isEmpty ? nil : $0 }
    }
    let home = value("HOME") ?? NSHomeDirectory()
    let folder =
      value("INTERPHASE_POTENTIALS")
      ?? (value("XDG_CACHE_HOME") ?? home + "/.cache") + "/interphase/potentials"
    return URL(fileURLWithPath: folder).appendingPathComponent(potential.name + ".txt").path
  }

  private static func createDirectory(_ url: URL) throws {
    do {
      try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
    } catch {
      throw FileFormatsError.cannotWrite(
        url.path,
        reason: "the directory cannot be made; set INTERPHASE_POTENTIALS to one that can")
    }
  }
}
