import Foundation
import Testing

/// The checkout that these tests were built from.
private let root = URL(fileURLWithPath: #filePath)
  .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

private func text(_ path: String) throws -> String {
  try String(contentsOf: root.appendingPathComponent(path), encoding: .utf8)
}

private func swiftFiles(under path: String) -> [URL] {
  let base = root.appendingPathComponent(path)
  let all = FileManager.default.enumerator(at: base, includingPropertiesForKeys: nil)
  return (all?.compactMap { $0 as? URL } ?? []).filter { $0.pathExtension == "swift" }
}

/// The rows of the table in `Documentation/Architecture.md`: target to the modules it may import.
private func law() throws -> [String: Set<String>] {
  let ours = [
    "CGemmi", "CZlib", "CCrypto", "CSpglib", "CKernels", "Atomistics", "FileFormats",
    "Thermodynamics",
    "Potentials",
    "Dynamics", "Interfaces", "Analysis", "Report", "Sockets", "Engines", "Workflows",
  ]
  var law: [String: Set<String>] = [:]
  for line in try text("Documentation/Architecture.md").split(separator: "\n")
  where line.hasPrefix("| `") {
    let cells = line.split(separator: "|", omittingEmptySubsequences: false).map {
      $0.trimmingCharacters(in: .whitespaces)
    }
    let targets = cells[1].split(separator: ",").map {
      $0.trimmingCharacters(in: CharacterSet(charactersIn: " `"))
    }
    var allowed = Set(
      cells[3].split(separator: ",").map { $0.trimmingCharacters(in: .whitespaces) })
    if allowed.remove("all of the above") != nil { allowed.formUnion(ours) }
    for target in targets { law[target] = allowed.subtracting([""]) }
  }
  return law
}

private let system: Set<String> = [
  "Foundation", "FoundationXML", "Dispatch", "Glibc", "Musl", "Darwin", "Synchronization",
]

@Suite struct ArchitectureTests {
  @Test func everyTargetImportsOnlyWhatTheTableAllows() throws {
    let law = try law()
    #expect(law.count >= 11)
    var seen = 0
    for (target, allowed) in law where !target.hasPrefix("C") || target.isEmpty {
      let files = swiftFiles(under: "Sources/\(target)")
      #expect(!files.isEmpty, "\(target) has no sources")
      for file in files {
        for line in try String(contentsOf: file, encoding: .utf8).split(separator: "\n")
        where line.drop(while: { $0 == " " }).hasPrefix("import ") {
          let words = line.split(separator: " ")
          let module = String(words[words.count > 2 ? 2 : 1].prefix { $0 != "." })
          seen += 1
          #expect(
            allowed.contains(module) || system.contains(module),
            "\(file.lastPathComponent) of \(target) imports \(module)")
        }
      }
    }
    #expect(seen > 50)
  }

  @Test func everyTargetHasAReadme() throws {
    for target in try law().keys where !["CGemmi", "CZlib", "CCrypto", "CSpglib"].contains(target) {
      let readme = root.appendingPathComponent("Sources/\(target)/README.md")
      #expect(FileManager.default.fileExists(atPath: readme.path), "\(target) has no README.md")
    }
  }

  @Test func everyPathInThePaperMapExists() throws {
    let pieces = try text("Documentation/PaperMap.md").split(
      separator: "`", omittingEmptySubsequences: false)
    let paths = pieces.enumerated().filter { $0.offset % 2 == 1 }.map { String($0.element) }
      .filter { $0.contains("/") }
    #expect(paths.count > 8)
    for path in paths {
      #expect(
        FileManager.default.fileExists(atPath: root.appendingPathComponent(path).path),
        "Documentation/PaperMap.md names \(path)")
    }
  }

  @Test func theReadmeStartsWithExactlyTwoCommands() throws {
    let blocks = try text("README.md").components(separatedBy: "```")
    let first = try #require(blocks.count > 1 ? blocks[1] : nil)
    let commands = first.split(separator: "\n").filter { $0.hasPrefix("./") }
    #expect(commands.count == 2)
    for command in commands {
      let script = root.appendingPathComponent(String(command.split(separator: " ")[0]))
      #expect(FileManager.default.isExecutableFile(atPath: script.path))
    }
  }

  @Test func dataFilesTellSourceAndLicence() throws {
    let table = try text("Data/phases.csv")
    let header = table.split(separator: "\n").prefix { $0.hasPrefix("#") }.joined()
    #expect(header.contains("Materials Project") && header.contains("CC BY 4.0"))
    let crystals = root.appendingPathComponent("Data/Structures")
    let files = try FileManager.default.contentsOfDirectory(atPath: crystals.path)
    #expect(files.filter { $0.hasSuffix(".cif") }.count >= 8)
    for file in files where file.hasSuffix(".cif") {
      let head = try text("Data/Structures/\(file)").prefix(1500)
      #expect(head.contains("CC BY 4.0"), "\(file) does not tell its licence")
    }
  }
}
