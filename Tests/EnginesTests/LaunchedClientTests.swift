import Atomistics
import Engines
import Foundation
import Potentials
import Sockets
import Testing

/// Clients that we start, good ones and bad ones.
@Suite(.serialized) struct LaunchedClientTests {
  private let atoms = shakenArgon()
  private let notices = Notices()

  private func calculator(
    _ engine: FakeEngine, evaluation: Double = 20, start: Double = 20, needsStress: Bool = false,
    clients: Int = 1, shouldStop: @escaping @Sendable () -> Bool = { false }
  ) throws -> ExternalCalculator {
    var limits = ClientLimits()
    limits.start = start
    limits.evaluation = evaluation
    let notices = notices
    return try ExternalCalculator(
      engine, clients: clients, limits: limits, needsStress: needsStress,
      notice: { notices.add($0) }, shouldStop: shouldStop)
  }

  /// The error of an evaluation.
  private func failure(
    _ mode: String, evaluation: Double = 20, start: Double = 20, needsStress: Bool = false
  ) -> any ReportableError {
    do {
      let calculator = try calculator(
        FakeEngine(mode: mode), evaluation: evaluation, start: start, needsStress: needsStress)
      defer { calculator.close() }
      _ = try calculator.evaluate(atoms)
      return EnginesError.stopped(client: "no error")
    } catch {
      return error as! any ReportableError
    }
  }

  private func mark() -> String {
    FileManager.default.temporaryDirectory.appendingPathComponent("mark-\(UUID().uuidString)").path
  }

  private func processes(_ mark: String) -> [Int32] {
    ((try? String(contentsOfFile: mark, encoding: .utf8)) ?? "")
      .split(separator: "\n").compactMap { Int32($0) }
  }

  private func check(_ found: Evaluation, _ structure: Structure) {
    let sum = structure.positions.reduce(0) { $0 + $1.x + $1.y + $1.z } / Units.bohr
    #expect(abs(found.energy - sum * Units.hartree) < 1e-9 * abs(sum * Units.hartree))
    let one = Units.hartree / Units.bohr
    #expect(found.forces.allSatisfy { ($0 + Vector3(one, one, one)).length < 1e-9 })
    // A virial that pushes outwards is a stress below zero.
    #expect(abs(found.stress[0].x + 3 * Units.hartree / structure.volume) < 1e-12)
  }

  @Test(arguments: [true, false])
  func isStartedOnceAndSentAway(takesOtherAtoms: Bool) throws {
    let mark = mark()
    let calculator = try calculator(
      FakeEngine(mode: "good", takesOtherAtoms: takesOtherAtoms, mark: mark))
    for seed in 1...4 {
      let structure = shakenArgon(UInt64(seed))
      check(try calculator.evaluate(structure), structure)
    }
    let one = processes(mark)
    #expect(one.count == 1 && isAlive(one[0]))
    let other = shakenArgon(1, cells: 1)
    check(try calculator.evaluate(other), other)
    // One that does not take other atoms makes room for another client.
    let all = processes(mark)
    #expect(all.count == (takesOtherAtoms ? 1 : 2))
    #expect(isAlive(all.last!) && (takesOtherAtoms || !isAlive(all[0])))
    calculator.close()
    #expect(all.allSatisfy { !isAlive($0) } && notices.all.isEmpty)
  }

  @Test func manyAtOnceAreDifferentProcesses() throws {
    let mark = mark()
    let calculator = try calculator(FakeEngine(mode: "good", mark: mark), clients: 3)
    onThreeThreads(30) { [self] index in
      let structure = shakenArgon(UInt64(index), cells: 1 + index % 2)
      if let found = try? calculator.evaluate(structure) {
        check(found, structure)
      } else {
        Issue.record("structure \(index) was not evaluated")
      }
    }
    let started = processes(mark).count
    #expect(started >= 2 && started <= 3)
    calculator.close()
  }

  @Test(arguments: ["dies-once", "breaks-once", "hangs-once"])
  func isStartedAgain(mode: String) throws {
    let mark = mark()
    let calculator = try calculator(FakeEngine(mode: mode, mark: mark), evaluation: 1.5)
    check(try calculator.evaluate(atoms), atoms)
    check(try calculator.evaluate(atoms), atoms)
    let all = processes(mark)
    #expect(all.count == 2 && !isAlive(all[0]) && isAlive(all[1]))
    #expect(notices.all.count == 1 && notices.all[0].contains("another client (1 of 2)"))
    calculator.close()
  }

  @Test func garbageIsToldAsItCame() {
    let error = failure("garbage")
    #expect(error.kind == .unavailable)
    #expect(error.description.contains("HTTP/1.1 400") && error.description.contains("3 times"))
    #expect(error.description.contains("this is garbage"), "the client's log is shown")
  }

  @Test func oneThatHangsIsGivenUp() {
    let error = failure("hangs", evaluation: 0.7)
    #expect(error.kind == .unavailable, "\(error)")
    #expect(error.description.contains("silent for 0.7 s"))
    #expect(error.description.contains("--client-timeout"))
  }

  @Test(arguments: ["dies", "breaks"])
  func oneThatAlwaysDiesIsGivenUp(mode: String) {
    let error = failure(mode)
    #expect(error.kind == .unavailable && error.description.contains("closed the connection"))
    if mode == "dies" {
      #expect(error.description.contains("left with 9"))
      #expect(error.description.contains("out of memory"))
    } else {
      #expect(error.description.contains("inside FORCEREADY"))
    }
  }

  @Test func anotherNumberOfAtomsIsBadData() {
    let error = failure("counts")
    #expect(error.kind == .badData && error.description.contains("sent 33 atoms; expected 32"))
    #expect(notices.all.isEmpty, "it is not tried again")
  }

  @Test func noNumberIsBadData() {
    #expect(failure("nan").description.contains("an energy that is not a finite number"))
    let error = failure("fails")
    #expect(error.kind == .badData && error.description.contains("SCF: no convergence"))
    #expect(notices.all.isEmpty)
  }

  @Test func oneThatLeavesBeforeItComes() {
    let error = failure("leaves")
    #expect(error.kind == .unavailable && error.description.contains("left with 3 before"))
    #expect(error.description.contains("no licence was found"))
    let missing = failure("lacks")
    #expect(missing.kind == .unavailable && missing.description.contains("a package is missing"))
  }

  @Test func oneThatNeverComes() {
    let error = failure("sleeps", start: 0.6)
    #expect(error.kind == .unavailable && error.description.contains("--client-start"))
  }

  @Test func zerosAreNoStress() throws {
    let error = failure("stressless", needsStress: true)
    #expect(error.kind == .badData && error.description.contains("gives no stress"))
    let calculator = try calculator(FakeEngine(mode: "stressless"))
    #expect(try calculator.evaluate(atoms).stress == .zero)
    _ = try calculator.evaluate(atoms)
    #expect(notices.all == ["fake gives no stress: it stands as zero"])
    calculator.close()
  }

  @Test func theWishToStopEndsAClientAtWork() throws {
    let mark = mark()
    let start = ContinuousClock.now
    let calculator = try calculator(
      FakeEngine(mode: "hangs", mark: mark),
      shouldStop: { ContinuousClock.now - start > .seconds(2) })
    #expect {
      try calculator.evaluate(atoms)
    } throws: {
      ($0 as? EnginesError)?.kind == .stopped
    }
    #expect(ContinuousClock.now - start < .seconds(8))
    #expect(processes(mark).count == 1 && !isAlive(processes(mark)[0]))
  }
}
