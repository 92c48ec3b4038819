import Atomistics
import FileFormats
import Foundation

/// Training of a neuroevolution potential by torchnep, a program of its own (GPL-3.0) that is run
/// and not linked.
///
/// In a directory with `nep.in`, `train.xyz` and `valid.xyz` it makes `torchnep/nep_best.txt`, the
/// model of the epoch with the least validation loss. It keeps a checkpoint after each epoch, so
/// that a training that was stopped goes on.
///
/// Source: Wu et al., arXiv 2606.19557 (2026).
public struct TorchNEPTrainer: Sendable {
  public var seed = 1
  public var threads = 1
  /// "cpu" or "cuda"; nil: cuda where there is one.
  public var device: String?

  public init() {}

  /// Where the best model lies.
  public static func model(in directory: URL) -> URL {
    directory.appendingPathComponent("torchnep/nep_best.txt")
  }

  /// The last line of losses: epoch, loss, errors of energy (eV/atom), force (eV/Å), virial
  /// (eV/atom).
  public static func lastLosses(in directory: URL) -> [Double]? {
    let file = directory.appendingPathComponent("torchnep/loss.out")
    guard let text = try? String(contentsOf: file, encoding: .utf8) else { return nil }
    let line = text.split(separator: "\n").last { !$0.hasPrefix("#") }
    return line.map { $0.split(separator: " ").compactMap { Double($0) } }
  }

  /// Trains, or goes on training, until the last epoch of `nep.in`.
  ///
  /// - Parameters:
  ///   - progress: called a few times a second with the last line of losses.
  ///   - shouldStop: the trainer is then ended, its checkpoint kept.
  /// - Throws: `EnginesError.missing`, `.clientFailed` with the end of its log, `.stopped`.
  public func train(
    in directory: URL, progress: ([Double]) -> Void = { _ in }, shouldStop: () -> Bool = { false }
  ) throws {
    let engine = KnownEngine.torchnep
    guard let python = engine.found else {
      throw EnginesError.missing(
        engine: engine.name, what: "there is no Python environment for it",
        install: engine.installLine)
    }
    let script = directory.appendingPathComponent("torchnep_train.py")
    try AtomicFile.write(Data(PackageResources.torchnep_train_py), to: script.path)
    let words =
      python + ["-u", script.path, "--seed", "\(seed)", "--threads", "\(threads)"]
      + (device.map { ["--device", $0] } ?? [])
    let process = try ClientProcess(
      ClientCommand(words, threads: threads), in: directory,
      log: directory.appendingPathComponent("trainer.log"), engine: engine.name)
    while process.ending == nil {
      if shouldStop() {
        process.end(within: 0)
        throw EnginesError.stopped(client: engine.name)
      }
      if let losses = Self.lastLosses(in: directory) { progress(losses) }
      usleep(200_000)
    }
    guard process.exitCode == 0 else {
      let log = process.lastWords
      if process.exitCode == FailureKind.unavailable.rawValue {
        throw EnginesError.missing(
          engine: engine.name, what: log.lastLines.last ?? "a package is missing",
          install: engine.installLine)
      }
      throw EnginesError.clientFailed(
        client: engine.name, tries: 1, reason: "it \(process.ending ?? "")", log: log)
    }
  }
}
