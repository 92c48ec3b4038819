import Foundation

/// The source archive of a package on PyPI, fetched with pip so that its mirrors, proxies and
/// certificates hold here too.
struct SourceArchive {
  private let name: String
  private let file: PackagedFile
  private let directory: URL
  private let environment: [String: String]

  /// - Parameters:
  ///   - name: what messages call the file.
  ///   - directory: an empty directory for what is fetched; the caller removes it.
  init(
    _ file: PackagedFile, called name: String, in directory: URL, environment: [String: String]
  ) {
    self.file = file
    self.name = name
    self.directory = directory
    self.environment = environment
  }

  private var requirement: String { "\(file.package)==\(file.version)" }
  private var download: [String] {
    [
      "python3", "-m", "pip", "download", "--no-deps", "--no-binary", file.package,
      requirement,
    ]
  }

  /// The one file out of the archive.
  ///
  /// - Throws: `WorkflowsError.unavailable` with the line that mends it.
  func fetch() throws -> Data {
    guard try run(["python3", "--version"]).status == 0 else {
      throw WorkflowsError.unavailable(
        "python3, which fetches \(name) from PyPI, is not installed; run: apt-get "
          + "install python3 python3-pip")
    }
    guard try run(["python3", "-m", "pip", "--version"]).status == 0 else {
      throw WorkflowsError.unavailable(
        "pip, which fetches \(name) from PyPI, is not installed; run: apt-get install "
          + "python3-pip")
    }
    let fetched = try run(download + ["--disable-pip-version-check", "--quiet", "--retries", "2"])
    guard fetched.status == 0 else {
      throw WorkflowsError.unavailable(
        "\(requirement) could not be fetched from PyPI: \(fetched.lastLine). Check the network, "
          + "then try again; by hand: \(download.joined(separator: " "))")
    }
    let archive = try FileManager.default.contentsOfDirectory(atPath: directory.path)
      .first { $0.hasSuffix(".tar.gz") }
    let member = "\(file.package)-\(file.version)/\(file.member)"
    guard let archive, try run(["tar", "-xzf", archive, member]).status == 0,
      let data = FileManager.default.contents(
        atPath: directory.appendingPathComponent(member).path)
    else {
      throw WorkflowsError.unavailable(
        "the source archive of \(requirement) does not hold \(member); by hand: "
          + download.joined(separator: " "))
    }
    return data
  }

  /// Runs a command in the directory; what it says goes to a file there, which no pipe can block.
  private func run(_ command: [String]) throws -> (status: Int32, lastLine: String) {
    let log = directory.appendingPathComponent("log")
    try Data().write(to: log)
    let output = try FileHandle(forWritingTo: log)
    defer { try? output.close() }
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = command
    process.environment = environment
    process.currentDirectoryURL = directory
    process.standardInput = FileHandle.nullDevice
    process.standardOutput = output
    process.standardError = output
    try process.run()
    process.waitUntilExit()
    let said = (try? String(contentsOf: log, encoding: .utf8)) ?? ""
    let last = said.split(separator: "\n").last.map(String.init) ?? "it said nothing"
    return (process.terminationStatus, last)
  }
}
