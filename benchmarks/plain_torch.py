"""The works as a user of PyTorch would write them, with an eager loop: `python plain_torch.py WORK FOLDER EPOCHS`."""

import os
import sys
from pathlib import Path

import torch
from clock import Clock
from torch import nn
from works import load, load_mnist, load_sine

torch.set_num_threads(len(os.sched_getaffinity(0)))


def train(net, data, batch_size, epochs, optimizer, loss_of, classes=False):
    """An eager loop over batches of tensors in memory, with validation in each epoch."""
    x_train, y_train, x_test, y_test = (torch.from_numpy(array) for array in data)
    clock = Clock()
    for _ in range(epochs):
        net.train()
        order, total, hits = torch.randperm(len(x_train)), 0.0, 0
        for rows in order.split(batch_size):
            y = y_train[rows]
            output = net(x_train[rows])
            loss = loss_of(output, y)
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            total += loss.item() * len(rows)
            hits += (output.argmax(1) == y.argmax(1)).sum().item() if classes else 0
        net.eval()
        with torch.no_grad():
            held, hits = 0.0, 0
            for start in range(0, len(x_test), batch_size):
                y = y_test[start : start + batch_size]
                output = net(x_test[start : start + batch_size])
                held += loss_of(output, y).item() * len(y)
                hits += (output.argmax(1) == y.argmax(1)).sum().item() if classes else 0
        clock.tick()
    clock.report(total / len(x_train))


def classify(net, data, batch_size, epochs, optimizer):
    train(net, data, batch_size, epochs, optimizer, nn.functional.cross_entropy, classes=True)


def adam(net):
    return torch.optim.Adam(net.parameters(), 1e-3)


def sine(folder, epochs):
    net = nn.Sequential(nn.Linear(1, 20), nn.Sigmoid(), nn.Linear(20, 1))
    train(net, load_sine(), 8, epochs, torch.optim.SGD(net.parameters(), 0.01), nn.functional.mse_loss)


def two_layer(folder, epochs):
    net = nn.Sequential(nn.Linear(784, 100), nn.Sigmoid(), nn.Linear(100, 10))
    classify(net, load_mnist(folder), 100, epochs, torch.optim.SGD(net.parameters(), 0.1))


def mlp(folder, epochs):
    net = nn.Sequential(nn.Linear(784, 256), nn.ReLU(), nn.Linear(256, 100), nn.ReLU(), nn.Linear(100, 10))
    classify(net, load_mnist(folder), 100, epochs, torch.optim.SGD(net.parameters(), 0.01))


def dnn(folder, epochs):
    x, y, _, _ = load_mnist(folder)
    first = [nn.Linear(784, 256), nn.ReLU(), nn.Dropout(0.2)]
    net = nn.Sequential(*first, nn.Linear(256, 128), nn.ReLU(), nn.Dropout(0.5), nn.Linear(128, 10))
    classify(net, [x[:48000], y[:48000], x[48000:], y[48000:]], 32, epochs, adam(net))


def conv(folder, epochs, stride=2, pooling=(), features=2304):
    x_train, y_train, x_test, y_test = load_mnist(folder, "conv", flatten=False)
    first = [nn.Conv2d(1, 32, 3, stride), nn.ReLU(), *(pool(2) for pool in pooling)]
    second = [nn.Conv2d(32, 64, 3, stride), nn.ReLU(), *(pool(2) for pool in pooling)]
    net = nn.Sequential(*first, *second, nn.Flatten(), nn.Dropout(0.5), nn.Linear(features, 10))
    images = [x_train.reshape(-1, 1, 28, 28), y_train, x_test.reshape(-1, 1, 28, 28), y_test]
    classify(net, images, 128, epochs, adam(net))


def conv_pooling(folder, epochs):
    conv(folder, epochs, stride=1, pooling=[nn.MaxPool2d], features=1600)


class Recurrent(nn.Module):
    """32 recurrent units, and a number from the last of their outputs."""

    def __init__(self):
        super().__init__()
        self.lstm, self.head = nn.LSTM(8, 32, batch_first=True), nn.Linear(32, 1)

    def forward(self, x):
        return self.head(self.lstm(x)[0][:, -1])


def lstm(folder, epochs):
    net = Recurrent()
    train(net, load(folder, "lstm"), 64, epochs, adam(net), nn.functional.mse_loss)


def table(folder, epochs):
    net = nn.Sequential(nn.Linear(20, 64), nn.ReLU(), nn.Linear(64, 64), nn.ReLU(), nn.Linear(64, 1))
    train(net, load(folder, "table"), 1024, epochs, adam(net), nn.functional.mse_loss)


def steps(folder, periods):
    """Counted in steps: 100 rows drawn at random in each, both sets measured after every 600."""
    x_train, y_train, x_test, y_test = map(torch.from_numpy, load_mnist(folder))
    net = nn.Sequential(nn.Linear(784, 50), nn.ReLU(), nn.Linear(50, 10))
    optimizer, losses, clock = torch.optim.SGD(net.parameters(), 0.1), [], Clock()
    for _ in range(periods):
        for _ in range(600):
            rows = torch.randint(len(x_train), (100,))
            loss = nn.functional.cross_entropy(net(x_train[rows]), y_train[rows])
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            losses.append(loss.item())
        with torch.no_grad():
            for x, y in ((x_train, y_train), (x_test, y_test)):
                for start in range(0, len(x), 100):
                    output, wanted = net(x[start : start + 100]), y[start : start + 100]
                    nn.functional.cross_entropy(output, wanted).item()
                    (output.argmax(1) == wanted.argmax(1)).sum().item()
        clock.tick()
    clock.report(losses[-1])


if __name__ == "__main__":
    globals()[sys.argv[1]](Path(sys.argv[2]), int(sys.argv[3]))
