import Foundation

/// Where the files lie that the program carries: the table of phases, crystals, the example study.
///
/// Looked for in this order: `$INTERPHASE_HOME`; beside the executable under `../share/interphase`;
/// the folders above the executable (a build inside a checkout); the folders above the current one.
public enum DataDirectory {
  /// The folder that holds `Data/phases.csv`.
  ///
  /// - Throws: `WorkflowsError.missing` that says how to tell the program.
  public static func root() throws -> URL {
    let candidates = self.candidates()
    guard let found = candidates.first(where: holdsData) else {
      throw WorkflowsError.missing(
        path: "Data/phases.csv",
        hint: "set INTERPHASE_HOME to the folder that holds the program's Data folder")
    }
    return found
  }

  /// The file of that name in `Data`, or nil.
  public static func file(_ name: String) throws -> URL? {
    let url = try root().appendingPathComponent("Data").appendingPathComponent(name)
    return FileManager.default.fileExists(atPath: url.path) ? url : nil
  }

  private static func holdsData(_ url: URL) -> Bool {
    FileManager.default.fileExists(atPath: url.appendingPathComponent("Data/phases.csv").path)
  }

  private static func candidates() -> [URL] {
    if let home = ProcessInfo.processInfo.environment["INTERPHASE_HOME"], !home.isEmpty {
      return [URL(fileURLWithPath: home)]
    }
    let executable = URL(
      fileURLWithPath: (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe"))
        ?? CommandLine.arguments[0])
    let beside = executable.deletingLastPathComponent()
      .appendingPathComponent("../share/interphase").standardizedFileURL
    let here = URL(fileURLWithPath: FileManager.default.currentDirectoryPath)
    return [beside] + ancestors(of: executable) + [here] + ancestors(of: here)
  }

  private static func ancestors(of url: URL) -> [URL] {
    var result: [URL] = []
    var current = url.standardizedFileURL
    while current.path != "/", result.count < 64 {
      current = current.deletingLastPathComponent()
      result.append(current)
    }
    return result
  }
}
