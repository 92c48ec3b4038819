import Foundation

/// Where a program is.
enum ProgramSearch {
  /// The words of an environment variable ("mpirun -np 4 cp2k.psmp"), or the first of the names that
  /// the PATH leads to; nil if there is none.
  static func words(
    variable: String, names: [String],
    _ variables: [String: String] = ProcessInfo.processInfo.environment
  ) -> [String]? {
    let told = (variables[variable] ?? "").split(separator: " ").map(String.init)
    if let first = told.first { return found(first, variables).map { [$0] + told.dropFirst() } }
    return names.lazy.compactMap { found($0, variables) }.first.map { [$0] }
  }

  /// The path of a program given by name or path.
  static func found(_ name: String, _ variables: [String: String]) -> String? {
    let places =
      name.contains("/")
      ? [name] : (variables["PATH"] ?? "").split(separator: ":").map { "\($0)/\(name)" }
    return places.first { FileManager.default.isExecutableFile(atPath: $0) }
  }
}
