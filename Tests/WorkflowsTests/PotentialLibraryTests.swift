import Atomistics
import FileFormats
import Foundation
import Testing
import Workflows

/// Fetching and finding potentials, with a stand-in for python3 and pip: no network.
struct PotentialLibraryTests {
  /// A folder with a cache and a `bin` whose `python3` does what the test says.
  private struct Sandbox {
    let root = FileManager.default.temporaryDirectory
      .appendingPathComponent("library-\(UUID().uuidString)")
    var cache: URL { root.appendingPathComponent("cache") }
    var environment: [String: String] {
      [
        "PATH": root.appendingPathComponent("bin").path, "HOME": root.path,
        "INTERPHASE_POTENTIALS": cache.path,
      ]
    }

    /// - Parameter pip: what `python3 -m pip download` does, in sh; nil for no python3 at all.
    init(pip: String?) throws {
      let bin = root.appendingPathComponent("bin")
      try FileManager.default.createDirectory(at: bin, withIntermediateDirectories: true)
      for tool in ["sh", "tar", "gzip", "mkdir", "cat"] {
        let place = ["/bin/", "/usr/bin/"].map { $0 + tool }
          .first { FileManager.default.fileExists(atPath: $0) }
        if let place {
          try FileManager.default.createSymbolicLink(
            atPath: bin.appendingPathComponent(tool).path, withDestinationPath: place)
        }
      }
      guard let pip else { return }
      try writeProgram(
        """
        #!/bin/sh
        case "$*" in
        *download*) \(pip) ;;
        esac

        """)
    }

    /// Puts a `python3` of this text there, written by another process: a file that this one has open
    /// for writing while another test starts a program cannot be run until that has begun ("text file
    /// busy").
    func writeProgram(_ text: String) throws {
      let writer = Process()
      writer.executableURL = URL(fileURLWithPath: "/bin/sh")
      writer.arguments = [
        "-c", "printf '%s' \"$1\" > \"$2\" && chmod 755 \"$2\"", "sh", text,
        root.appendingPathComponent("bin/python3").path,
      ]
      try writer.run()
      writer.waitUntilExit()
      #expect(writer.terminationStatus == 0)
    }

    func remove() { try? FileManager.default.removeItem(at: root) }

    /// Everything in the cache, hidden files too.
    func cached() -> [String] {
      (try? FileManager.default.contentsOfDirectory(atPath: cache.path)) ?? []
    }
  }

  private static let content = "a potential\n"
  private static let download =
    "mkdir -p pack-1.0/data; cat > pack-1.0/data/p.txt <<'END'\na potential\nEND\n"
    + "tar -czf pack-1.0.tar.gz pack-1.0"

  private func potential(_ content: String = content) -> KnownPotential {
    KnownPotential(
      name: "stand-in", summary: "", limits: "", licence: "", citation: "",
      origin: .fetched(PackagedFile(package: "pack", version: "1.0", member: "data/p.txt")),
      sha256: SHA256Digest.hex(of: Data(content.utf8)))
  }

  @Test func installsOnceAndRepairsDamage() throws {
    let sandbox = try Sandbox(pip: Self.download)
    defer { sandbox.remove() }
    let path = sandbox.cache.appendingPathComponent("stand-in.txt").path
    func install() throws -> PotentialLibrary.Outcome {
      try PotentialLibrary.install(potential(), environment: sandbox.environment)
    }
    #expect(try install() == .installed(path: path))
    #expect(try String(contentsOfFile: path, encoding: .utf8) == Self.content)
    let mode = try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions]
    #expect(mode as? Int == 0o644)
    #expect(try install() == .alreadyInstalled(path: path))
    try "a pot".write(toFile: path, atomically: true, encoding: .utf8)
    #expect(try install() == .replacedDamaged(path: path))
    #expect(try String(contentsOfFile: path, encoding: .utf8) == Self.content)
    #expect(sandbox.cached() == ["stand-in.txt"])
  }

  @Test(arguments: [
    (nil, "apt-get install python3 python3-pip"),
    ("echo 'no route to host' >&2; exit 1", "no route to host"),
    ("exit 0", "does not hold"),
    ("echo nothing > pack-1.0.tar.gz", "does not hold"),
    (download.replacingOccurrences(of: "a potential", with: "another"), "SHA-256"),
  ])
  func whatFailsIsToldAndLeavesNothing(pip: String?, message: String) throws {
    let sandbox = try Sandbox(pip: pip)
    defer { sandbox.remove() }
    #expect {
      try PotentialLibrary.install(potential(), environment: sandbox.environment)
    } throws: { error in
      (error as? any ReportableError)?.kind == .unavailable && "\(error)".contains(message)
    }
    #expect(sandbox.cached().isEmpty)
  }

  @Test func saysThatPipIsMissing() throws {
    let sandbox = try Sandbox(pip: "exit 1")
    defer { sandbox.remove() }
    try sandbox.writeProgram("#!/bin/sh\n[ \"$1\" = --version ]\n")
    #expect {
      try PotentialLibrary.install(potential(), environment: sandbox.environment)
    } throws: { "\($0)".contains("apt-get install python3-pip") }
  }

  @Test func aCacheThatCannotBeMadeIsTold() throws {
    let sandbox = try Sandbox(pip: Self.download)
    defer { sandbox.remove() }
    var environment = sandbox.environment
    environment["INTERPHASE_POTENTIALS"] = sandbox.root.path + "/bin/python3/cache"
    #expect {
      try PotentialLibrary.install(potential(), environment: environment)
    } throws: { ($0 as? any ReportableError)?.kind == .cannotWrite }
  }

  @Test func findsTheCache() throws {
    func path(_ environment: [String: String]) -> String {
      PotentialLibrary.list(environment: environment).first { $0.potential == .nep89 }!.path
    }
    #expect(path(["INTERPHASE_POTENTIALS": "/a", "XDG_CACHE_HOME": "/b"]) == "/a/nep89.txt")
    #expect(
      path(["XDG_CACHE_HOME": "/b", "HOME": "/c"]) == "/b/interphase/potentials/nep89.txt")
    #expect(
      path(["INTERPHASE_POTENTIALS": "", "HOME": "/c"])
        == "/c/.cache/interphase/potentials/nep89.txt")
  }

  @Test func resolvesNamesAndPaths() throws {
    let sandbox = try Sandbox(pip: nil)
    defer { sandbox.remove() }
    let environment = sandbox.environment
    func kind(_ text: String) -> FailureKind? {
      do {
        _ = try PotentialLibrary.resolve(text, environment: environment)
        return nil
      } catch { return (error as? any ReportableError)?.kind }
    }
    #expect(kind("nep89") == .unavailable)
    #expect(kind("nep98") == .unavailable)
    #expect(kind("here/nep.txt") == .missingInput)
    try FileManager.default.createDirectory(
      at: sandbox.cache, withIntermediateDirectories: true)
    let file = sandbox.cache.appendingPathComponent("nep89.txt")
    try Data().write(to: file)
    #expect(try PotentialLibrary.resolve("NEP89", environment: environment) == file.path)
    #expect(
      try PotentialLibrary.resolve(
        "cache/nep89.txt", relativeTo: sandbox.root, environment: environment) == file.path)
  }
}
