import Atomistics
import FileFormats
import Foundation
import Potentials
import Synchronization

/// A calculator that keeps every answer in a file, and does not ask twice.
///
/// The same questions in the same order give the same answers, so that work which was killed goes on
/// where it was with the same bits, whatever program answers. A line of the file is the digest of a
/// structure (species, cell, periodicity, positions, bit by bit), energy, stress and forces, in the
/// shortest digits that read back to the same bits; the first says whose they are.
final class KeptEvaluations: Calculator {
  let name: String
  let isExternal: Bool
  private let calculator: any Calculator
  private let state: Mutex<State>
  private let shouldStop: @Sendable () -> Bool
  private let path: String

  private struct State {
    var known: [String: Evaluation]
    let file: AppendingFile
    var asked = 0
  }

  /// - Throws: `WorkflowsError.badRun` where the file is another or of another calculator.
  init(
    _ calculator: any Calculator, name: String, sha256: String, path: String,
    shouldStop: @escaping @Sendable () -> Bool
  ) throws {
    self.calculator = calculator
    self.name = name
    self.path = path
    isExternal = calculator.isExternal
    self.shouldStop = shouldStop
    let head = "# evaluations of \(Self.oneLine(name)) \(sha256)\n"
    let text = FileManager.default.contents(atPath: path).map {
      String(decoding: $0, as: UTF8.self)
    }
    guard let text, !text.isEmpty, !head.hasPrefix(text) else {
      let file = try AppendingFile(path: path)
      try file.append(head)
      state = Mutex(State(known: [:], file: file))
      return
    }
    guard text.hasPrefix(head) else {
      throw WorkflowsError.badRun(
        directory: path,
        reason: "it holds evaluations of another calculator than \(name) (\(sha256.prefix(8))); "
          + "name another directory")
    }
    var (known, length) = ([String: Evaluation](), head.utf8.count)
    for line in text.dropFirst(head.count).split(separator: "\n", omittingEmptySubsequences: false)
    {
      // What follows the last line break was cut off, and so is what cannot be read.
      guard length + line.utf8.count < text.utf8.count, let (key, found) = Self.read(line) else {
        break
      }
      known[key] = found
      length += line.utf8.count + 1
    }
    let file = try AppendingFile(
      path: path, keeping: FileBeginning(length: UInt64(length), crc32: 0))
    state = Mutex(State(known: known, file: file))
  }

  var range: Double? { calculator.range }
  var skin: Double { calculator.skin }
  func validate(_ species: some Sequence<Element>) throws { try calculator.validate(species) }

  /// How many answers are kept.
  var count: Int { state.withLock { $0.known.count } }

  func evaluate(_ structure: Structure) throws -> Evaluation {
    let key = FrameToLabel.digest(of: structure)
    if let found = state.withLock({ $0.known[key] }) { return found }
    guard !shouldStop() else { throw stopped }
    let found: Evaluation
    do {
      found = try calculator.evaluate(structure)
    } catch  where shouldStop() {
      throw stopped
    }
    guard found.energy.isFinite, found.forces.allSatisfy(\.isFinite),
      found.voigtStress.allSatisfy(\.isFinite)
    else { return found }
    // Energies of single atoms are left out, on the first pass as on a later one.
    let plain = Evaluation(energy: found.energy, forces: found.forces, stress: found.stress)
    try state.withLock { state in
      try state.file.append(Self.line(key, plain))
      state.known[key] = plain
    }
    return plain
  }

  private var stopped: WorkflowsError {
    .interruptedAndKept(
      what: path, done: "\(count) evaluations of \(name) are kept")
  }

  /// Without a list that ages: a later pass begins in the middle, and must find the same bits.
  func evaluator(for structure: Structure, skin: Double) -> any Evaluator {
    Each(kept: self, listOrigin: ListOrigin(structure))
  }

  private struct Each: Evaluator {
    let kept: KeptEvaluations
    let listOrigin: ListOrigin
    func evaluate(_ structure: Structure) throws -> Evaluation { try kept.evaluate(structure) }
  }

  private static func line(_ key: String, _ found: Evaluation) -> String {
    let numbers =
      [found.energy] + (0..<9).map { found.stress[$0 / 3, $0 % 3] }
      + found.forces.flatMap { [$0.x, $0.y, $0.z] }
    return "\(key) \(numbers.map { "\($0)" }.joined(separator: " "))\n"
  }

  private static func read(_ line: Substring) -> (String, Evaluation)? {
    let words = line.split(separator: " ")
    guard words.count >= 14, (words.count - 11) % 3 == 0 else { return nil }
    let numbers = words.dropFirst().compactMap { Double($0) }
    guard numbers.count == words.count - 1, numbers.allSatisfy(\.isFinite) else { return nil }
    func row(_ k: Int) -> Vector3 { Vector3(numbers[k], numbers[k + 1], numbers[k + 2]) }
    return (
      String(words[0]),
      Evaluation(
        energy: numbers[0], forces: stride(from: 10, to: numbers.count, by: 3).map(row),
        stress: Matrix3(row(1), row(4), row(7)))
    )
  }

  private static func oneLine(_ text: String) -> String {
    text.split(whereSeparator: \.isNewline).joined(separator: " ")
  }
}
